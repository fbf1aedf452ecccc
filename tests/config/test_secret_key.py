"""The key is made once, for the eyes of its owner."""

from config.secret_key import _make, secret_key


def test_made_once_and_kept(tmp_path):
    path = tmp_path / "var" / "secret-key"
    key = secret_key(path)

    assert len(key) >= 50
    assert secret_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_of_two_that_make_it_at_once_the_first_wins(tmp_path):
    path = tmp_path / "secret-key"
    key = secret_key(path)
    _make(path)
    assert secret_key(path) == key
    assert list(tmp_path.iterdir()) == [path]
