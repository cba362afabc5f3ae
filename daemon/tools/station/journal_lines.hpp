#pragma once

#include <boost/json/object.hpp>
#include <ostream>
#include <string_view>

#include "tools/station/totals.hpp"

namespace tuanyuan::station {

/// What the program prints: one JSON object a line, `event` first. Nothing of a notice but ids, kind and status
/// goes in here; what is to be shown of it is the display's affair.
class JournalLines {
 public:
  explicit JournalLines(std::ostream& out) : out_(out) {}

  void line(std::string_view event, boost::json::object fields = {});
  void totals(std::string_view event, const Totals& totals);

 private:
  std::ostream& out_;
};

}  // namespace tuanyuan::station
