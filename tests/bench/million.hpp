#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "bench/engine_bed.hpp"
#include "core/answer.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"

// A directory of a million recipients and an alert for all of them: invented, but of the shape of real ones. The
// same number always gives the same recipient.
namespace tuanyuan::bench {

inline constexpr std::uint32_t million = 1'000'000;

/// A well mixed number: the same for the same input.
std::uint64_t mixed(std::uint64_t number);

/// Recipient number `index`: one of 1,000 counties around Shenyang, all within 500 km; schools and villages more
/// often than airports; a name, a liaison with telephone, MQTT first and a telephone for chasing. Neighbours in
/// number are not neighbours in place, as after years of enrolment.
core::Recipient recipient(std::uint32_t index);

/// Imports the first `count` recipients through the engine, as an operator would.
void import_recipients(EngineBed& bed, std::uint32_t count);

/// Takes a report and releases it for 500 km.
core::AlertId release_alert(EngineBed& bed);

/// What somebody says.
struct Said {
  std::uint32_t recipient = 0;
  core::AnswerKind kind = core::AnswerKind::received;
};
/// What `count` recipients say of an alert: 88 % say something, of those most that they show it, fewer that
/// somebody read it, and some cannot. Each goes through the kinds in their order, all of them mixed with each
/// other.
std::vector<Said> answers_of(std::uint32_t count);

/// Acknowledges through the engine, `at_once` in each call. Returns the seconds that each call took.
std::vector<double> acknowledge(EngineBed& bed, const core::AlertId& alert, const std::vector<Said>& said,
                                std::size_t at_once);

}  // namespace tuanyuan::bench
