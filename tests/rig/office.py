"""Opening what the product writes with somebody else's program: Word files with LibreOffice, PDF pages with poppler."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rig.missing import missing

SECONDS = 180


@pytest.fixture(scope="session")
def docx_to_pdf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bytes]:
    """A function that has LibreOffice open a DOCX file and print it to PDF; skips without LibreOffice."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        missing("no LibreOffice on this machine (install the package libreoffice-writer-nogui)")
    # A profile of our own: two LibreOffices cannot share one, and workers run side by side.
    profile = tmp_path_factory.mktemp("libreoffice")

    def convert(docx: bytes) -> bytes:
        folder = tmp_path_factory.mktemp("docx")
        source = folder / "document.docx"
        source.write_bytes(docx)
        done = subprocess.run(
            [
                soffice,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                source,
            ],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        pdf = folder / "document.pdf"
        assert pdf.exists(), f"LibreOffice could not open the file: {done.stderr.decode(errors='replace')}"
        return pdf.read_bytes()

    return convert


@pytest.fixture(scope="session")
def pdf_to_images(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], list[Path]]:
    """A function that draws each page of a PDF as a PNG file at 80 dots per inch; skips without poppler."""
    pdftoppm = shutil.which("pdftoppm")
    if pdftoppm is None:
        missing("no pdftoppm on this machine (install the package poppler-utils)")

    def draw(pdf: bytes) -> list[Path]:
        folder = tmp_path_factory.mktemp("pages")
        source = folder / "document.pdf"
        source.write_bytes(pdf)
        subprocess.run([pdftoppm, "-r", "80", "-png", source, folder / "page"], check=True, timeout=SECONDS)
        return sorted(folder.glob("page*.png"))

    return draw
