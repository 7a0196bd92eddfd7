"""The broker of `./dev run` and of the smallest deployments: files in a folder, by kombu, without its one race."""

from queue import Empty

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    def _get(self, queue):
        """The next message. A file whose writer has not filled it yet is passed over: it would end the worker.

        Nothing is lost with it: a message here only says "look", and the database knows at what (see `celery.py`).
        """
        try:
            return super()._get(queue)
        except ValueError:
            raise Empty from None


class Transport(filesystem.Transport):
    Channel = Channel
