"""Whatever comes from outside, a reader gives a value or says in a line what is wrong with it."""

import pytest
from fuzz.targets import Target, find_targets
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

EVERY_DAY = 60
THOROUGH = 1500
NAMES = sorted(find_targets())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_read(name: str) -> None:
    """Else all that follows would try nothing but how bad input is refused."""
    target = find_targets()[name]
    for seed in target.seeds:
        assert target.read(seed) is not None


def mutations(target: Target) -> st.SearchStrategy[bytes]:
    """Seeds that are cut, joined, overwritten and interspersed with words of their language."""
    piece = st.one_of(
        st.sampled_from(target.words or target.seeds),
        st.binary(max_size=8),
        st.sampled_from([b"\0", b"\xff\xfe", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"9" * 400, b"a" * 2000]),
    )

    @st.composite
    def mutate(draw: st.DrawFn) -> bytes:
        data = draw(st.sampled_from((*target.seeds, *target.others)))
        for _ in range(draw(st.integers(0, 6))):
            at = draw(st.integers(0, len(data)))
            end = min(len(data), at + draw(st.sampled_from([0, 0, 1, 2, 4, 30, 400])))
            data = data[:at] + draw(piece) + data[end:]
        return data[: draw(st.sampled_from([len(data)] * 4 + [draw(st.integers(0, len(data)))]))]

    return mutate() | st.lists(piece, max_size=30).map(b"".join)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_comes_the_end_is_clean(name: str, request: pytest.FixtureRequest) -> None:
    target = find_targets()[name]
    count = THOROUGH if request.config.getoption("--thorough") else EVERY_DAY

    @given(mutations(target))
    @example(b"")
    @example(b"\0")
    @example(b"\xff\xfe")
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def try_them(data: bytes) -> None:
        target.try_input(data)

    try_them()
