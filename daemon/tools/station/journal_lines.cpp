#include "tools/station/journal_lines.hpp"

#include <boost/json/serialize.hpp>
#include <ostream>
#include <utility>

namespace tuanyuan::station {

void JournalLines::line(std::string_view event, boost::json::object fields) {
  boost::json::object whole;
  whole["event"] = event;
  for (auto& [name, value] : fields) {
    whole[name] = std::move(value);
  }
  out_ << boost::json::serialize(whole) << std::endl;
}

void JournalLines::totals(std::string_view event, const Totals& totals) {
  line(event, {{"connected", totals.connected},
               {"received", totals.received},
               {"displayed", totals.displayed},
               {"confirmed", totals.confirmed},
               {"removed", totals.removed},
               {"unable", totals.unable},
               {"receipts", totals.receipts},
               {"repeats", totals.repeats},
               {"refused", totals.refused},
               {"rejected", totals.rejected}});
}

}  // namespace tuanyuan::station
