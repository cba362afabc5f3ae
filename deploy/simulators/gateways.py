#!/usr/bin/python3
"""Two ways to be reached without MQTT, simulated for deploy/quickstart: a web server that takes webhooks, and Apple's push
service with whatever phones it is asked for. Both believe only what is signed, and people behind both answer.

    gateways.py --webhook-port N --apns-port N --certificate FILE --key FILE --ca FILE
                --webhook-secret whsec_… --apns-public-key FILE --confirm-ms N

Listens on loopback, prints "ready" once it does, and a line for each notice. Apple's side is simulated by what its documents
say; what its servers do has not been seen.
"""
import argparse
import base64
import hashlib
import hmac
import http.server
import json
import random
import socketserver
import ssl
import sys
import threading
import time
import urllib.request

import h2.config
import h2.connection
import h2.errors
import h2.events
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

BODY_BYTES_MAX = 256 * 1024
PAYLOAD_BYTES_MAX = 4096  # of a notification
TOKEN_AGE_S_MAX = 3600    # of a provider token
ANSWER_DEADLINE_S = 10


def say(*words):
    print(*words, flush=True)


class People:
    """Whoever stands behind a notice answers by the link that came with it, after some time."""

    def __init__(self, ca, confirm_ms):
        self.tls = ssl.create_default_context(cafile=ca)
        self.confirm_ms = confirm_ms

    def answer(self, url, delay_s=0.0):
        def post():
            request = urllib.request.Request(url, data=b"", headers={"content-type": "application/x-www-form-urlencoded"})
            try:
                urllib.request.urlopen(request, timeout=ANSWER_DEADLINE_S, context=self.tls).close()
            except OSError as error:
                say("an answer was not taken:", type(error).__name__)

        threading.Timer(delay_s, post).start()

    def confirm(self, url):
        self.answer(url, random.uniform(0.2, 1.0) * self.confirm_ms / 1000)


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, handler, tls, **shared):
        self.shared = argparse.Namespace(**shared)
        self.tls = tls
        super().__init__(("127.0.0.1", port), handler)

    def finish_request(self, request, address):
        with self.tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, address)

    def handle_error(self, request, address):
        say("a connection ended:", type(sys.exc_info()[1]).__name__)


class Webhook(http.server.BaseHTTPRequestHandler):
    """By Standard Webhooks: HMAC-SHA256 over id, time and body."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers.get("content-length", "-1"))
        body = self.rfile.read(length) if 0 <= length <= BODY_BYTES_MAX else b""
        status = 204 if self.is_genuine(body) else 401
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()
        if status == 204:
            notice = json.loads(body)
            say("webhook:", notice["kind"], "revision", notice["revision"])
            self.server.shared.people.confirm(notice["acknowledgeUrl"])

    def is_genuine(self, body):
        signed = f'{self.headers.get("webhook-id")}.{self.headers.get("webhook-timestamp")}.'.encode() + body
        expected = base64.b64encode(hmac.new(self.server.shared.secret, signed, hashlib.sha256).digest()).decode()
        given = [one.removeprefix("v1,") for one in self.headers.get("webhook-signature", "").split()]
        return any(hmac.compare_digest(expected, one) for one in given)

    def log_message(self, *_):
        pass


class Apns(socketserver.BaseRequestHandler):
    """One connection of a provider, and the phones that its notifications are for."""

    def handle(self):
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.requests = {}
        self.flush()
        while data := self.request.recv(65536):
            for event in self.h2.receive_data(data):
                self.take(event)
            self.flush()

    def flush(self):
        self.request.sendall(self.h2.data_to_send())

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self.requests[event.stream_id] = (dict(event.headers), bytearray())
        elif isinstance(event, h2.events.DataReceived):
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            body = self.requests[event.stream_id][1]
            body += event.data
            if len(body) > BODY_BYTES_MAX:
                del self.requests[event.stream_id]
                self.h2.reset_stream(event.stream_id, h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)
        elif isinstance(event, h2.events.StreamReset):
            self.requests.pop(event.stream_id, None)
        elif isinstance(event, h2.events.StreamEnded) and event.stream_id in self.requests:
            self.judge(event.stream_id, *self.requests.pop(event.stream_id))

    def judge(self, stream, headers, body):
        reason = self.refusal_of(headers, body)
        status = "200" if reason is None else "403" if "Token" in reason else "413" if "Large" in reason else "400"
        self.h2.send_headers(stream, [(":status", status), ("apns-id", headers.get("apns-id", ""))], end_stream=reason is None)
        if reason is not None:
            self.h2.send_data(stream, json.dumps({"reason": reason}).encode(), end_stream=True)
            say("APNs: refused,", reason)
            return
        notice = json.loads(body)
        say("APNs: a phone shows", notice["kind"], "revision", notice["revision"])
        people = self.server.shared.people
        if notice["kind"] not in ("CLOSE", "RETRACT"):
            people.answer(notice["acknowledgeUrl"] + "&status=answered")
        people.confirm(notice["acknowledgeUrl"] + "&key=1")

    def refusal_of(self, headers, body):
        if not headers[":path"].startswith("/3/device/") or headers[":method"] != "POST":
            return "BadPath"
        if len(body) > PAYLOAD_BYTES_MAX:
            return "PayloadTooLarge"
        if not headers.get("apns-topic"):
            return "MissingTopic"
        return None if self.is_provider(headers.get("authorization", "")) else "InvalidProviderToken"

    def is_provider(self, authorization):
        def decoded(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        try:
            head, claims, signature = authorization.removeprefix("bearer ").split(".")
            raw = decoded(signature)
            as_der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
            self.server.shared.public_key.verify(as_der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
            return abs(time.time() - json.loads(decoded(claims))["iat"]) < TOKEN_AGE_S_MAX
        except (ValueError, KeyError, InvalidSignature):
            return False


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("webhook-port", "apns-port", "confirm-ms"):
        parser.add_argument("--" + name, type=int, required=True)
    for name in ("certificate", "key", "ca", "webhook-secret", "apns-public-key"):
        parser.add_argument("--" + name, required=True)
    return parser.parse_args()


def main():
    options = parse_arguments()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(options.certificate, options.key)
    http2 = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    http2.load_cert_chain(options.certificate, options.key)
    http2.set_alpn_protocols(["h2"])
    people = People(options.ca, options.confirm_ms)
    secret = base64.b64decode(options.webhook_secret.removeprefix("whsec_"))
    with open(options.apns_public_key, "rb") as file:
        public_key = serialization.load_pem_public_key(file.read())
    servers = [Server(options.webhook_port, Webhook, tls, people=people, secret=secret),
               Server(options.apns_port, Apns, http2, people=people, public_key=public_key)]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    say("ready")
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
