#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>
#include <string_view>

#include "tools/station/fleet.hpp"
#include "tools/station/journal_lines.hpp"

namespace tuanyuan::station {

/// A person's answers, a line each, for everything that is shown now:
///
///     c             confirmed: read by a person on duty
///     a             acting: people are searching
///     u REASON      unable: NO_STAFF, EQUIPMENT, OFF_AIR, EDITORIAL or NOT_CONCERNED
///
/// An alert id after it names one. Loop thread.
class Keyboard {
 public:
  static constexpr std::size_t line_bytes_max = 1'024;

  /// `descriptor` is duplicated. Fleet and lines have to outlive it.
  Keyboard(boost::asio::any_io_executor executor, int descriptor, Fleet& fleet, JournalLines& lines);

  void start();
  void stop();

 private:
  void obey(std::string_view line);

  boost::asio::posix::stream_descriptor input_;
  std::string read_;
  Fleet& fleet_;
  JournalLines& lines_;
};

}  // namespace tuanyuan::station
