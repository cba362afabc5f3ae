#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/notice.hpp"
#include "core/recipient.hpp"
#include "ports/vault.hpp"

namespace tuanyuan::push {

/// What a gateway was sent, to which it calls back.
struct Link {
  core::ChannelKind channel = core::ChannelKind::sms;
  core::AlertId alert_id;
  std::uint32_t revision = 0;
  core::RecipientId recipient;
  bool is_recall = false;

  friend bool operator==(const Link&, const Link&) = default;
};

/// URLs that gateways call back by. The path ends with a signature (128 bits of an HMAC under a key of the
/// vault's), the query begins with what is signed; the gateway appends what it has to say. Nobody can make one for
/// another recipient or alert. All of it is letters, digits, `-`, `_`, `=` and `&`, so that no gateway's own
/// escapes touch it. Any thread.
class AnswerLinks {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  /// `base`: the API as gateways reach it, "https://host:8443/api/v1".
  AnswerLinks(ports::Vault& vault, std::string base) : vault_(vault), base_(std::move(base)) {}

  const std::string& base() const { return base_; }
  std::string url(const Link& link) const;
  /// What the URL was made for; nothing where it was not made here.
  std::optional<Link> open(std::string_view token, const Parameters& parameters) const;

 private:
  std::string signature(std::string_view text) const;

  ports::Vault& vault_;
  std::string base_;
};

/// The first of that name; empty: there is none.
std::string_view value_of(const AnswerLinks::Parameters& parameters, std::string_view name);
/// Whether two texts are the same, in a time that does not tell where they differ.
bool same_secret(std::string_view left, std::string_view right);

/// What comes after a JSON object, without the brace that closes it, of so many bytes: the link, where there is
/// room for it, and the brace.
std::string ending_with_link(std::string_view url, std::size_t open_bytes, std::size_t bytes_max);
/// A whole object with that.
std::string with_link(std::string_view object, std::string_view url, std::size_t bytes_max);

}  // namespace tuanyuan::push
