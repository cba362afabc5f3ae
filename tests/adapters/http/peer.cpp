#include "peer.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace tuanyuan::http::test {
namespace {

using boost::asio::ip::tcp;

/// How often a peer lets the server run before it takes silence for an answer; each time is at most this long.
constexpr std::chrono::milliseconds turn{2};
constexpr int turns_max = 5'000;
constexpr int quiet_turns = 20;

template <class T, void (*release)(T*)>
struct Released {
  void operator()(T* pointer) const { release(pointer); }
};
using Bio = std::unique_ptr<BIO, Released<BIO, BIO_free_all>>;

Bio memory(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void trust(SSL_CTX* context, const std::string& pem) {
  X509* ca = PEM_read_bio_X509(memory(pem).get(), nullptr, nullptr, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
  X509_free(ca);
}

void show(SSL_CTX* context, const TlsClient& tls) {
  X509* certificate = PEM_read_bio_X509(memory(tls.certificate).get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(memory(tls.key).get(), nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

std::string lower(std::string_view text) {
  std::string lowered;
  for (const char c : text) {
    lowered += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lowered;
}

HttpAnswer parse_head(std::string_view head) {
  HttpAnswer answer;
  std::from_chars(head.data() + 9, head.data() + 12, answer.status);
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at + 2);
    const std::string_view line = head.substr(at + 2, end - at - 2);
    if (const std::size_t colon = line.find(": "); colon != std::string_view::npos) {
      answer.fields[lower(line.substr(0, colon))] = std::string(line.substr(colon + 2));
    }
    at = end;
  }
  return answer;
}

}  // namespace

Peer::Peer(boost::asio::io_context& context, std::uint16_t port) : context_(context), socket_(context) {
  socket_.connect(tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
  socket_.non_blocking(true);
}

Peer::Peer(boost::asio::io_context& context, std::uint16_t port, const TlsClient& tls) : Peer(context, port) {
  handshake(tls);
}

Peer::~Peer() = default;

void Peer::handshake(const TlsClient& tls) {
  tls_context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_verify(tls_context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_max_proto_version(tls_context_.get(), tls.version_max);
  if (tls.version_max < TLS1_2_VERSION) {
    SSL_CTX_set_security_level(tls_context_.get(), 0);
  }
  trust(tls_context_.get(), tls.ca);
  if (!tls.certificate.empty()) {
    show(tls_context_.get(), tls);
  }
  ssl_.reset(SSL_new(tls_context_.get()));
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  if (!tls.alpn.empty()) {
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(tls.alpn.data()),
                        static_cast<unsigned>(tls.alpn.size()));
  }
  if (tls.session != nullptr) {
    SSL_set_session(ssl_.get(), tls.session);
  }
  for (int i = 0; i < turns_max; ++i) {
    ERR_clear_error();
    const int result = SSL_connect(ssl_.get());
    if (result == 1) {
      return;
    }
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
      break;
    }
    pump();
  }
  connected_ = false;
  ended_ = true;
}

void Peer::pump() {
  context_.restart();
  context_.run_one_for(turn);
  context_.poll();
}

bool Peer::read_some() {
  std::array<char, 16'384> bytes;
  if (ssl_) {
    ERR_clear_error();
    const int size = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (size > 0) {
      received_.append(bytes.data(), static_cast<std::size_t>(size));
      return true;
    }
    ended_ = ended_ || SSL_get_error(ssl_.get(), size) != SSL_ERROR_WANT_READ;
    return false;
  }
  boost::system::error_code error;
  const std::size_t size = socket_.read_some(boost::asio::buffer(bytes), error);
  received_.append(bytes.data(), size);
  ended_ = ended_ || (error && error != boost::asio::error::would_block);
  return size != 0;
}

void Peer::send(std::string_view bytes) {
  for (int i = 0; i < turns_max && !bytes.empty() && !ended_; ++i) {
    std::size_t size = 0;
    if (ssl_) {
      ERR_clear_error();
      const int written = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
      size = written > 0 ? static_cast<std::size_t>(written) : 0;
      if (written <= 0 && SSL_get_error(ssl_.get(), written) != SSL_ERROR_WANT_WRITE) {
        return;
      }
    } else {
      boost::system::error_code error;
      size = socket_.write_some(boost::asio::buffer(bytes), error);
      if (error && error != boost::asio::error::would_block) {
        return;
      }
    }
    bytes.remove_prefix(size);
    pump();
  }
}

std::string Peer::until(std::string_view text) {
  for (int i = 0; i < turns_max; ++i) {
    if (const std::size_t at = received_.find(text); at != std::string::npos) {
      std::string taken = received_.substr(0, at + text.size());
      received_.erase(0, taken.size());
      return taken;
    }
    if (!read_some()) {
      if (ended_) {
        return {};
      }
      pump();
    }
  }
  throw std::runtime_error("no answer came");
}

HttpAnswer Peer::answer(bool head_only) {
  const std::string head = until("\r\n\r\n");
  if (head.empty()) {
    return {};
  }
  HttpAnswer answer = parse_head(head);
  if (head_only || !answer.fields.contains("content-length")) {
    return answer;
  }
  const std::size_t length = std::stoul(answer.fields["content-length"]);
  while (received_.size() < length) {
    if (!read_some()) {
      if (ended_) {
        return {};
      }
      pump();
    }
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

bool Peer::ends() {
  for (int i = 0; i < turns_max && !ended_; ++i) {
    if (!read_some()) {
      pump();
    }
  }
  return ended_;
}

bool Peer::is_quiet() {
  for (int i = 0; i < quiet_turns; ++i) {
    if (read_some() || ended_) {
      return false;
    }
    pump();
  }
  return true;
}

void Peer::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  ended_ = true;
}

std::string request_text(std::string_view method, std::string_view target, std::string_view fields,
                         std::string_view body) {
  std::string text(method);
  text += ' ';
  text += target;
  text += " HTTP/1.1\r\nHost: localhost\r\n";
  text += fields;
  if (!body.empty()) {
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  text += "\r\n";
  text += body;
  return text;
}

}  // namespace tuanyuan::http::test
