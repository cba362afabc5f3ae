#pragma once

#include "tools/station/display.hpp"
#include "tools/station/journal_lines.hpp"

namespace tuanyuan::station {

/// Prints a line for each notice that is to be shown or taken down. What the notice says goes out only when a
/// person asked for it (`in_full`); otherwise ids, kind and status.
class PrintingDisplay final : public Display {
 public:
  PrintingDisplay(JournalLines& lines, bool in_full) : lines_(lines), in_full_(in_full) {}

  void show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) override;
  void take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) override;
  void sighting(const core::RecipientId& station, const ShowSighting& what) override;

 private:
  JournalLines& lines_;
  bool in_full_;
};

/// The notice as an object of the contract's JSON.
boost::json::object notice_json(const core::Notice& notice);

/// A sighting's payload, in either encoding, likewise; empty where it is none.
boost::json::object sighting_json(std::string_view payload);

}  // namespace tuanyuan::station
