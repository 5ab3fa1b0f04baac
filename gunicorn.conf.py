"""How gunicorn runs Engawa; read by itself from the folder it starts in.

One process with many threads: an open alert stream holds one thread for as long as a page is
open, so there are as many threads as people with a page open, and a few more.
"""

wsgi_app = "wsgi:app"
worker_class = "gthread"
workers = 1
threads = 200
keepalive = 30
# Streams never end by themselves; nobody waits longer than this for a stop.
graceful_timeout = 3
control_socket_disable = True
# The process beats from its own loop, whatever the threads do.
timeout = 60
# Behind a proxy the access log is the proxy's; Engawa logs what matters itself.
accesslog = None
loglevel = "warning"
