"""Reads what an instrument says about each of the twelve incisos.

The ideas are data (``clause_library/concepts/*.toml``), written so that legal staff can read and change them; this
package splits the text (:mod:`provisions`), finds the words (:mod:`matching`), tells who owes whom
(:mod:`parties`) and what is denied (:mod:`negation`), and judges (:mod:`judging`). Nothing leaves the process, and the
same passages give the same reading.
"""

from clause_library.coverage.concepts import ConceptError, Concepts, load_concepts
from clause_library.coverage.judging import read_coverage

__all__ = ["ConceptError", "Concepts", "load_concepts", "read_coverage"]
