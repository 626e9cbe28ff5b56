"""For tests of scanning: a clamd for all of them, one to kill or freeze, and a socket that lies."""

import socketserver
import threading

import pytest

from tests.patience import PATIENCE
from tests.scanning.clamd import a_clamd
from workflow import scanning


@pytest.fixture(scope="session")
def clamd(tmp_path_factory):
    """One that is there all the time."""
    with a_clamd(tmp_path_factory.mktemp("clamd")) as running:
        yield running


@pytest.fixture
def own_clamd(tmp_path):
    """One to do with as a test likes."""
    (tmp_path / "own").mkdir()
    with a_clamd(tmp_path / "own") as running:
        yield running


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Nobody is called gone because the machine is busy, or because the test before had it gone."""
    for name in ("A_TURN", "ANSWERS_IN", "LONGEST"):
        monkeypatch.setattr(scanning, name, float(PATIENCE))
    scanning.SCANNER.answered()
    yield
    scanning.SCANNER.answered()


@pytest.fixture
def scanned(settings, clamd):
    """Files are looked through, as they are where clamd is set up."""
    settings.FILE_SCANNER = clamd.address
    return clamd


class Lies(socketserver.BaseRequestHandler):
    """Speaks clamd's protocol as far as it was told to."""

    def handle(self):
        command = self.line()
        self.server.asked.append(command)
        if command == b"zINSTREAM" and self.server.reads:
            while size := int.from_bytes(self.exactly(4)):
                self.exactly(size)
        self.server.answer(command, self.request)

    def line(self):
        said = b""
        while not said.endswith(b"\0"):
            said += self.exactly(1)
        return said[:-1]

    def exactly(self, count):
        said = b""
        while len(said) < count:
            more = self.request.recv(count - len(said))
            if not more:
                raise ConnectionError
            said += more
        return said


class Liars(socketserver.ThreadingTCPServer):
    """Their faults are for nobody: whoever went away while they spoke was right to."""

    daemon_threads = True
    address_family = socketserver.socket.AF_INET

    def handle_error(self, request, client_address):
        pass


@pytest.fixture
def liar(settings):
    """``liar(answer)``: a scanner that answers as ``answer(command, wire)`` does.

    ``reads=False``: of a file only as much as ``answer`` takes.
    """
    running = []

    def made(answer, *, reads=True):
        server = Liars(("127.0.0.1", 0), Lies)
        server.answer, server.asked, server.reads = answer, [], reads
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        running.append((server, thread))
        settings.FILE_SCANNER = f"tcp://127.0.0.1:{server.server_address[1]}"
        return server.asked

    yield made
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()
