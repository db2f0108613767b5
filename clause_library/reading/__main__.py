"""The reader's own process: bytes in, one JSON object out. Started by :mod:`clause_library.reading.apart`.

It first takes its own limits, before anything of the file is looked at: memory, processor time, open files, size of
what it writes, no memory image left behind. Whatever happens, it answers or ends; nobody else is disturbed.
"""

import resource
import sys
import traceback


def confine(seconds: int, memory_mib: int, file_mib: int) -> None:
    """Take the limits; a limit that the system already sets lower stays."""
    mebibyte = 1024 * 1024
    for which, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory_mib * mebibyte),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_mib * mebibyte),
        (resource.RLIMIT_NOFILE, 256),
    ):
        _, hard = resource.getrlimit(which)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # The signal of the soft limit on time tells what happened; that of the hard one does not.
        spare = wanted + 2 if which == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else wanted
        try:
            resource.setrlimit(which, (wanted, spare))
        except (ValueError, OSError):
            continue  # macOS knows no limit on addresses; the one on time still holds.


def answer(data: bytes, *, ocr: bool) -> bytes:
    """Read and judge; the answer or the refusal, packed."""
    from clause_library.passages import UnreadableFileError
    from clause_library.reading.exchange import packed, packed_error
    from clause_library.reading.limits import SENTENCES

    try:
        from clause_library.coverage import read_coverage
        from clause_library.reading import read_file

        read = read_file(data, "", ocr=ocr)
        return packed(read, read_coverage(read.passages))
    except UnreadableFileError as error:
        return packed_error(error.code, error.sentence)
    except MemoryError:
        return packed_error("too_demanding", SENTENCES["too_demanding"])
    except RecursionError:
        return packed_error("nested", SENTENCES["nested"])
    except Exception:  # noqa: BLE001 - a hostile file may break any library in any way; whoever asked is told so.
        return packed_error("failed", SENTENCES["failed"], traceback.format_exc(limit=-8))


def main() -> None:
    """Take the limits, read the file from the standard input, write the answer to the standard output."""
    seconds, memory_mib, file_mib, ocr = (int(word) for word in sys.argv[1:5])
    confine(seconds, memory_mib, file_mib)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), ocr=bool(ocr)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
