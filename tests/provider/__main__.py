"""``python -m tests.provider``: make the tables, serve on a free port, say which."""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.provider.settings"


class Server(ThreadingMixIn, WSGIServer):
    """Answers several at once: the portal asks while a browser waits."""

    daemon_threads = True


class Handler(WSGIRequestHandler):
    """Says nothing about each request, and does not look up names."""

    def log_message(self, *args: object) -> None:
        """Nothing."""

    def address_string(self) -> str:
        """The number will do."""
        return str(self.client_address[0])


def main() -> None:
    """Serve until killed."""
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with make_server("127.0.0.1", port, get_wsgi_application(), Server, Handler) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


main()
