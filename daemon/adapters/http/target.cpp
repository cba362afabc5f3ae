#include "adapters/http/target.hpp"

#include <algorithm>

#include "adapters/http/limits.hpp"

namespace tuanyuan::http {
namespace {

bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

int hex(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The octet that `%XX` at `at` stands for.
std::optional<char> escaped(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) {
    return std::nullopt;
  }
  const int high = hex(text[at + 1]);
  const int low = hex(text[at + 2]);
  if (high < 0 || low < 0) {
    return std::nullopt;
  }
  return static_cast<char>(high * 16 + low);
}

std::optional<std::string> decoded_path(std::string_view path) {
  std::string decoded;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      decoded += path[i];
      continue;
    }
    const std::optional<char> octet = escaped(path, i);
    if (!octet) {
      return std::nullopt;
    }
    if (is_word(*octet) || *octet == '.' || *octet == '~' || *octet == ':') {
      decoded += *octet;
    } else {
      decoded += path.substr(i, 3);
    }
    i += 2;
  }
  return decoded;
}

std::optional<std::string> decoded_value(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const std::optional<char> octet = escaped(text, i);
    if (!octet) {
      return std::nullopt;
    }
    decoded += *octet;
    i += 2;
  }
  return decoded;
}

bool parse_query(std::string_view query, Target& target) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) {
      continue;
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decoded_value(pair.substr(0, equals));
    auto value = decoded_value(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || target.query.size() == query_parameters_max) {
      return false;
    }
    target.query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

/// Drops scheme and authority of an absolute-form, which servers have to accept.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (target.starts_with(scheme)) {
      const std::size_t slash = target.find('/', scheme.size());
      return slash == std::string_view::npos ? "/" : target.substr(slash);
    }
  }
  return target;
}

}  // namespace

std::optional<std::string> Target::parameter(std::string_view name) const {
  std::optional<std::string> value;
  for (const auto& [key, text] : query) {
    if (key == name) {
      value = value ? std::string(1, '\0') : text;
    }
  }
  return value;
}

std::optional<Target> parse_target(std::string_view text) {
  text = origin_form(text);
  if (!text.starts_with('/')) {
    return std::nullopt;
  }
  const std::size_t question = std::min(text.find('?'), text.size());
  Target target;
  auto path = decoded_path(text.substr(0, question));
  if (!path || !parse_query(text.substr(std::min(question + 1, text.size())), target)) {
    return std::nullopt;
  }
  target.path = std::move(*path);
  return target;
}

std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  constexpr std::string_view placeholder = "{id}";
  const std::size_t at = pattern.find(placeholder);
  if (at == std::string_view::npos) {
    return path == pattern ? std::optional<std::string>("") : std::nullopt;
  }
  if (!path.starts_with(pattern.substr(0, at))) {
    return std::nullopt;
  }
  path.remove_prefix(at);
  const std::size_t end = std::min(path.find_first_of("/:"), path.size());
  if (end == 0 || end > 4 * path_id_bytes_max || path.substr(end) != pattern.substr(at + placeholder.size())) {
    return std::nullopt;
  }
  return std::string(path.substr(0, end));
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= path_id_bytes_max && std::all_of(text.begin(), text.end(), is_word);
}

}  // namespace tuanyuan::http
