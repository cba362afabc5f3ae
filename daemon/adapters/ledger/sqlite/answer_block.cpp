#include "adapters/ledger/sqlite/answer_block.hpp"

namespace tuanyuan::ledger {
namespace {

constexpr char format_without_channels = 1;
constexpr char format = 2;

// The enumerations of one answer in one number, from the lowest bit: kind, source, reason, whether at is given,
// and the channel, from 1; 0: it is not known.
constexpr unsigned kind_bits = 3;
constexpr unsigned source_bits = 2;
constexpr unsigned reason_bits = 3;
constexpr unsigned source_shift = kind_bits;
constexpr unsigned reason_shift = source_shift + source_bits;
constexpr unsigned at_shift = reason_shift + reason_bits;
constexpr unsigned channel_shift = at_shift + 1;
constexpr unsigned channel_bits = 5;
static_assert(core::channel_count < 1U << channel_bits);

void put(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

/// The difference as it is stored; wraps instead of overflowing, and so does its sum.
std::uint64_t difference(std::int64_t value, std::int64_t before) {
  return zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(before)));
}
std::int64_t sum(std::int64_t before, std::uint64_t stored) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) +
                                   static_cast<std::uint64_t>(from_zigzag(stored)));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) {
        return value;
      }
    }
    failed_ = true;
    return 0;
  }

  template <class Enum>
  Enum member(std::uint64_t packed, unsigned shift, unsigned bits, Enum last) {
    const std::uint64_t value = (packed >> shift) & ((1U << bits) - 1);
    failed_ = failed_ || value > static_cast<std::uint64_t>(last);
    return static_cast<Enum>(value);
  }

  std::uint32_t small(std::int64_t value) {
    failed_ = failed_ || value < 0 || value > UINT32_MAX;
    return static_cast<std::uint32_t>(value);
  }

  void require(bool holds) { failed_ = failed_ || !holds; }
  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

std::optional<core::ChannelKind> read_channel(Reader& reader, std::uint64_t packed) {
  const std::uint64_t channel = packed >> channel_shift;
  reader.require(channel <= core::channel_count);
  return channel == 0 || reader.failed() ? std::nullopt
                                         : std::optional(static_cast<core::ChannelKind>(channel - 1));
}

PackedAnswer read_answer(Reader& reader, const PackedAnswer& before, bool has_channels) {
  PackedAnswer answer;
  const std::uint64_t packed = reader.number();
  reader.require(has_channels || packed >> channel_shift == 0);
  answer.channel = read_channel(reader, packed);
  answer.kind = reader.member(packed, 0, kind_bits, core::AnswerKind::unable);
  answer.source = reader.member(packed, source_shift, source_bits, core::AnswerSource::officer);
  answer.reason = reader.member(packed, reason_shift, reason_bits, core::UnableReason::not_concerned);
  answer.revision = reader.small(sum(before.revision, reader.number()));
  answer.ordinal = reader.small(sum(before.ordinal, reader.number()));
  answer.recorded_at = core::from_epoch_ms(sum(core::to_epoch_ms(before.recorded_at), reader.number()));
  if ((packed >> at_shift & 1) != 0) {
    answer.at = core::from_epoch_ms(sum(core::to_epoch_ms(answer.recorded_at), reader.number()));
  }
  return answer;
}

}  // namespace

std::string pack_answers(const std::vector<PackedAnswer>& answers) {
  std::string block;
  block.reserve(answers.size() * 8 + 16);
  block.push_back(format);
  put(block, answers.size());
  PackedAnswer before;
  for (const PackedAnswer& answer : answers) {
    const std::uint64_t channel = answer.channel ? static_cast<std::uint64_t>(*answer.channel) + 1 : 0;
    const std::uint64_t packed =
        static_cast<std::uint64_t>(answer.kind) | static_cast<std::uint64_t>(answer.source) << source_shift |
        static_cast<std::uint64_t>(answer.reason) << reason_shift |
        static_cast<std::uint64_t>(answer.at.has_value()) << at_shift | channel << channel_shift;
    put(block, packed);
    put(block, difference(answer.revision, before.revision));
    put(block, difference(answer.ordinal, before.ordinal));
    put(block, difference(core::to_epoch_ms(answer.recorded_at), core::to_epoch_ms(before.recorded_at)));
    if (answer.at) {
      put(block, difference(core::to_epoch_ms(*answer.at), core::to_epoch_ms(answer.recorded_at)));
    }
    before = answer;
  }
  return block;
}

std::optional<std::vector<PackedAnswer>> unpack_answers(std::string_view block) {
  if (block.empty() || (block.front() != format && block.front() != format_without_channels)) {
    return std::nullopt;
  }
  const bool has_channels = block.front() != format_without_channels;
  Reader reader(block.substr(1));
  const std::uint64_t count = reader.number();
  if (reader.failed() || count > block_answers_max) {
    return std::nullopt;
  }
  std::vector<PackedAnswer> answers;
  answers.reserve(count);
  PackedAnswer before;
  while (answers.size() < count) {
    before = read_answer(reader, before, has_channels);
    if (reader.failed()) {
      return std::nullopt;
    }
    answers.push_back(before);
  }
  return reader.at_end() ? std::optional(std::move(answers)) : std::nullopt;
}

}  // namespace tuanyuan::ledger
