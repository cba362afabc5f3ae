#include "adapters/push/url.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

#include "adapters/push/limits.hpp"

namespace tuanyuan::push {
namespace {

namespace ip = boost::asio::ip;

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

core::Refusal wrong(std::string chinese, std::string english) {
  return core::Refusal(core::Errc::invalid, core::Text(std::move(chinese), std::move(english)));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), to_lower);
  return lowered;
}

/// RFC 3986, section 3.3 and 3.4: what may stand in a path or query.
bool is_target(std::string_view text) {
  constexpr std::string_view others = "-._~!$&'()*+,;=:@/?";
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) {
        return false;
      }
    } else if (!is_letter(text[at]) && !is_digit(text[at]) && others.find(text[at]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= host_label_bytes_max && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

/// Whether the last label is a number, by which inet_aton(3) and browsers tell an address from a name.
bool ends_in_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool is_decimal = std::all_of(last.begin(), last.end(), is_digit);
  return is_decimal || (last.starts_with("0x") && std::all_of(last.begin() + 2, last.end(), is_hex));
}

bool is_name(std::string_view host) {
  if (host.size() > host_name_bytes_max || ends_in_number(host)) {
    return false;
  }
  for (std::size_t from = 0; from <= host.size();) {
    const std::size_t dot = std::min(host.find('.', from), host.size());
    if (!is_label(host.substr(from, dot - from))) {
      return false;
    }
    from = dot + 1;
  }
  return true;
}

bool read_host(std::string_view text, Url& url) {
  boost::system::error_code failed;
  if (text.starts_with('[') && text.ends_with(']')) {
    const std::string inside(text.substr(1, text.size() - 2));
    const ip::address_v6 address = ip::make_address_v6(inside, failed);
    url.host = address.to_string();
    url.host_is_address = true;
    return !failed && inside.find('%') == std::string::npos;
  }
  url.host = lower(text);
  ip::make_address_v4(url.host, failed);
  url.host_is_address = !failed;
  return url.host_is_address || is_name(url.host);
}

bool read_authority(std::string_view text, Url& url) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon = bracket == std::string_view::npos ? bracket : text.find(':', bracket);
  if (colon != std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || end != port.data() + port.size() || url.port == 0) {
      return false;
    }
  }
  return read_host(text.substr(0, colon), url);
}

/// Takes the scheme with what follows it up to the authority.
bool take_scheme(std::string_view& text, Url& url) {
  const std::string scheme = lower(text.substr(0, text.find(':')));
  url.is_secure = scheme == "https";
  url.port = url.is_secure ? https_port : http_port;
  if ((!url.is_secure && scheme != "http") || text.substr(scheme.size(), 3) != "://") {
    return false;
  }
  text.remove_prefix(scheme.size() + 3);
  return true;
}

}  // namespace

std::string Url::authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  std::string text = is_v6 ? "[" + host + "]" : host;
  if (port != (is_secure ? https_port : http_port)) {
    text += ":" + std::to_string(port);
  }
  return text;
}

std::string Url::origin() const {
  return (is_secure ? "https://" : "http://") + authority();
}

core::Result<Url> parse_url(std::string_view text) {
  if (text.size() > url_bytes_max) {
    return wrong("网址过长", "the URL is too long");
  }
  // A NUL, above all: who takes C strings reads another address than is written.
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    return wrong("网址只能含可见 ASCII 字符", "the URL has to be of visible ASCII characters");
  }
  Url url;
  if (!take_scheme(text, url)) {
    return wrong("须为 https 网址", "has to be an https URL");
  }
  text = text.substr(0, text.find('#'));
  const std::size_t authority = std::min(text.find_first_of("/?"), text.size());
  if (!read_authority(text.substr(0, authority), url)) {
    return wrong("网址的主机或端口有误", "the URL's host or port is wrong");
  }
  const std::string_view target = text.substr(authority);
  if (!is_target(target)) {
    return wrong("网址的路径有误", "the URL's path is wrong");
  }
  url.target = (target.starts_with('/') ? "" : "/") + std::string(target);
  return url;
}

}  // namespace tuanyuan::push
