#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/answer.hpp"
#include "core/refusal.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::simulation {

enum class Verb : std::uint8_t {
  submit,
  preview,
  release,
  reject,
  update,
  close,
  retract,
  telephone,
  hold,     ///< the circle
  advance,  ///< likewise
  draw,     ///< likewise
  suspend,
  resume,
  enrol,   ///< a recipient, or another place, hours or hub of one that is there
  strike,  ///< a recipient off the directory
};
std::string_view to_string(Verb verb);

/// What an officer wants done, once, however often it is sent.
struct Request {
  Verb verb = Verb::submit;
  std::size_t case_number = 0;
  std::string key;             ///< Idempotency-Key
  core::ReportId report;       ///< of a decision on a report
  core::AlertId alert;         ///< of a decision on an alert
  int version = 0;             ///< of an update: which one
  core::Acknowledgement told;  ///< of a telephone call
  std::optional<std::vector<core::ReportId>> reviewed;  ///< of a release: other reports of the child
  core::Recipient recipient;   ///< of a change of the directory

  Request() = default;
};

/// What the desk said.
struct Reply {
  std::optional<core::Errc> refused;
  std::optional<ports::ReportView> report;
  std::optional<ports::AlertView> alert;
  std::optional<ports::PreviewView> preview;
  std::optional<core::Receipt> receipt;

  bool done() const { return !refused; }
};

}  // namespace tuanyuan::simulation
