#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/answer.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"
#include "core/time.hpp"

namespace tuanyuan::ledger {

/// One answer as it stands in a block. Alert and sequence are the block's.
struct PackedAnswer {
  std::uint32_t revision = 0;
  core::Ordinal ordinal = 0;
  core::AnswerKind kind = core::AnswerKind::received;
  core::AnswerSource source = core::AnswerSource::station;
  core::UnableReason reason = core::UnableReason::none;
  core::Instant recorded_at;
  std::optional<core::Instant> at;
  std::optional<core::ChannelKind> channel{};

  friend bool operator==(const PackedAnswer&, const PackedAnswer&) = default;
};

inline constexpr std::size_t block_answers_max = 4096;

/// Blocks are numbered by the sequence of their entry, then by part.
inline constexpr int block_part_bits = 12;
inline constexpr std::int64_t block_parts_max = std::int64_t{1} << block_part_bits;
inline std::int64_t block_id(core::Sequence sequence, std::int64_t part) {
  return static_cast<std::int64_t>(sequence) << block_part_bits | part;
}
inline core::Sequence sequence_of_block(std::int64_t id) {
  return static_cast<core::Sequence>(id) >> block_part_bits;
}

/// Packs up to block_answers_max answers, some eight bytes each when they are of one time: a byte that names the
/// format (2), their number, and for each the enumerations in one number, then revision, ordinal, recorded_at and
/// at as differences from the answer before (at: from recorded_at). Numbers are LEB128; those that may be negative
/// are zigzag. Blocks of format 1 are read, and name no channel.
std::string pack_answers(const std::vector<PackedAnswer>& answers);

/// Nothing: not such a block, or one that was damaged.
std::optional<std::vector<PackedAnswer>> unpack_answers(std::string_view block);

}  // namespace tuanyuan::ledger
