#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/entry.hpp"

namespace tuanyuan::ledger {

using ChainHash = std::array<unsigned char, 32>;

/// A journal line as it is stored.
struct JournalLine {
  core::Sequence sequence = 0;
  std::int64_t time_ms = 0;
  std::string actor;
  std::string type;
  std::string subject;
  std::string detail;
};

/// SHA-256 over the chain of the line before (32 zero bytes before the first) and this line: its sequence and
/// time as eight bytes each, most significant first, then actor, type, subject and detail, each after its
/// length in four bytes. Whoever alters, drops or inserts a line has to make every later chain anew.
ChainHash chain_after(const ChainHash& before, const JournalLine& line);

/// Detail as a JSON object of texts with sorted names, and back. Nothing: not such an object.
std::string detail_to_json(const core::Detail& detail);
std::optional<core::Detail> detail_from_json(std::string_view json);

JournalLine to_line(core::Sequence sequence, const core::Entry& entry);

}  // namespace tuanyuan::ledger
