#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tools/station/display.hpp"
#include "tools/station/journal_lines.hpp"

namespace tuanyuan::station {

/// What a program's word means: `displayed`, `confirmed`, `acting`, or `unable` with a reason of the contract.
std::optional<Shown> parse_word(std::string_view line);

/// What a program's exit means: 0 displayed, 10 confirmed, 11 acting, 20 to 24 unable (NO_STAFF, EQUIPMENT,
/// OFF_AIR, EDITORIAL, NOT_CONCERNED), anything else unable (EQUIPMENT).
Shown meaning_of_exit(int status);

/// Hands each notice to a program: `/bin/sh -c CMD` with one JSON object on its standard input,
///
///     {"event":"show","recipientId":…,"notice":{…},"photo":{"mediaType":…,"data":base64} or null}
///     {"event":"take-down","recipientId":…,"alertId":…,"revision":n,"step":n,"reason":…}
///     {"event":"sighting","recipientId":…,"sighting":{…}}
///
/// A program that shows may say more than once what happened, a word a line on its standard output, while it
/// runs; its exit says the last word, unless it is ended by a signal after it has said something. A take-down is
/// believed only when it exits with 0, and is otherwise tried again after 5 s, doubling to 5 min, until the alert
/// is shown again. One program at a time; a take-down ends the program that still shows the alert, and goes before
/// what waits to be shown. Loop thread.
class ProgramDisplay final : public Display {
 public:
  static constexpr std::size_t waiting_max = 1'000;
  static constexpr std::size_t output_bytes_max = 4'096;

  /// `run_ms_max`: a program that takes longer is ended.
  ProgramDisplay(boost::asio::any_io_executor executor, JournalLines& lines, std::string command,
                 std::chrono::milliseconds run_ms_max, std::uint64_t seed);
  ~ProgramDisplay() override;

  void show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) override;
  void take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) override;
  void sighting(const core::RecipientId& station, const ShowSighting& what) override;

 private:
  struct Job;
  class Run;

  void queue(std::unique_ptr<Job> job);
  void start_next();
  void ended(std::unique_ptr<Job> job, std::optional<int> status);
  void try_again(std::unique_ptr<Job> job);
  bool is_overtaken(const Job& take_down) const;

  boost::asio::any_io_executor executor_;
  JournalLines& lines_;
  std::string command_;
  std::chrono::milliseconds run_ms_max_;
  std::uint64_t random_;
  std::deque<std::unique_ptr<Job>> waiting_;
  std::uint64_t orders_ = 0;
  std::map<core::AlertId, std::uint64_t> shown_;  ///< the last order to show each, until it was taken down
  std::shared_ptr<Run> running_;
  std::shared_ptr<ProgramDisplay*> self_;  ///< for what ends after this is gone
};

}  // namespace tuanyuan::station
