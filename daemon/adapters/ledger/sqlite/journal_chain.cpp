#include "adapters/ledger/sqlite/journal_chain.hpp"

#include <openssl/evp.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

namespace tuanyuan::ledger {
namespace {

void append_number(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size(), 4);
  out.append(text);
}

}  // namespace

ChainHash chain_after(const ChainHash& before, const JournalLine& line) {
  std::string bytes(before.begin(), before.end());
  append_number(bytes, line.sequence, 8);
  append_number(bytes, static_cast<std::uint64_t>(line.time_ms), 8);
  append_text(bytes, line.actor);
  append_text(bytes, line.type);
  append_text(bytes, line.subject);
  append_text(bytes, line.detail);
  ChainHash hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  return hash;
}

std::string detail_to_json(const core::Detail& detail) {
  boost::json::object object;
  object.reserve(detail.size());
  for (const auto& [name, text] : detail) {
    object.emplace(name, text);
  }
  return boost::json::serialize(object);
}

std::optional<core::Detail> detail_from_json(std::string_view json) {
  boost::json::error_code error;
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;  // what was written has to be read, whatever it was
  const boost::json::value value =
      boost::json::parse(boost::json::string_view(json.data(), json.size()), error, {}, options);
  if (error || !value.is_object()) {
    return std::nullopt;
  }
  core::Detail detail;
  for (const auto& [name, text] : value.get_object()) {
    if (!text.is_string()) {
      return std::nullopt;
    }
    detail.emplace(name, text.get_string());
  }
  return detail;
}

JournalLine to_line(core::Sequence sequence, const core::Entry& entry) {
  return {sequence,
          core::to_epoch_ms(entry.time),
          core::to_string(entry.actor),
          std::string(core::type_name(entry.body)),
          entry.subject,
          detail_to_json(core::to_detail(entry.body))};
}

}  // namespace tuanyuan::ledger
