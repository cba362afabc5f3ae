#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/answer.hpp"
#include "core/notice.hpp"
#include "tools/station/display.hpp"
#include "tools/station/moment.hpp"

namespace tuanyuan::station {

/// A notice that a page says it has, and whether it was really painted.
struct Held {
  core::AlertId alert_id;
  std::uint32_t revision = 0;
  bool painted = false;

  friend bool operator==(const Held&, const Held&) = default;
};

/// All that a page has of notices, in its own words. The whole and not what has changed, so that one that was lost
/// is made good by the next.
struct PageAccount {
  std::string page;          ///< what it calls itself; the same after a restart of its browser
  std::uint64_t serial = 0;  ///< of the last state that it has taken in
  std::vector<Held> holds;
  bool closed = false;  ///< it goes, and shows nothing any more
};

/// What a person at the screen says of a notice.
struct PersonsAnswer {
  std::string page;
  core::AlertId alert_id;
  std::uint32_t revision = 0;
  core::AnswerKind kind = core::AnswerKind::confirmed;  ///< CONFIRMED, ACTING or UNABLE
  core::UnableReason reason = core::UnableReason::none;
};

/// A notice that has to be shown now.
struct Showing {
  std::shared_ptr<const core::Notice> notice;
  std::shared_ptr<const std::string> photo;  ///< absent: none, or none yet
  Steady since{0};                           ///< of this revision
  bool painted = false;                      ///< this revision, by a page
  bool was_unable = false;                   ///< no page painted it in time
  std::set<core::AnswerKind> answered;       ///< by a person, of this revision
  std::function<void(Shown)> told;
};

/// Whether `one` is shown before `other`.
bool is_more_urgent(const core::Notice& one, const core::Notice& other);

/// One recipient's screen: what has to be shown there now, and which pages (browsers that show it) have what. Goes
/// by what the pages say alone: DISPLAYED is what one of them has painted, REMOVED when none can have it any more.
/// A page that was lost without a word may go on showing it until it expires, and counts as long.
///
/// No input or output and no clock of its own. Not thread-safe.
class Screen {
 public:
  /// Without a page that has painted it so long, the screen is UNABLE (EQUIPMENT).
  static constexpr Steady unpainted_ms_max{60'000};
  /// So much longer it may wait for its turn on a page that shows others meanwhile.
  static constexpr Steady queued_ms_max{600'000};
  /// Pages that a former station program served have come back within this.
  static constexpr Steady return_ms_max{10'000};
  /// What is retained has come within this, once the station is subscribed.
  static constexpr Steady settle_ms_max{2'000};
  /// Pages give an account every ten seconds; one that has not so long is lost, whatever its connection seems to
  /// be.
  static constexpr Steady silence_ms_max{30'000};
  /// How far a page's clock may be behind when it takes down by itself.
  static constexpr core::Duration page_clock_ms_max{60'000};
  /// Of what a page holds and this program never gave it: so long it may take to expire.
  static constexpr core::Duration unknown_expiry_ms_max{std::chrono::hours(24)};
  static constexpr std::size_t pages_max = 32;
  static constexpr std::size_t watchers_max = 64;

  /// Told of every change, to say so to its page; within a call to the screen, so it only takes note.
  class Watcher {
   public:
    virtual void changed() = 0;

   protected:
    ~Watcher() = default;
  };

  Screen(core::RecipientId recipient, std::string name, Moment now);

  const core::RecipientId& recipient() const { return recipient_; }
  const std::string& name() const { return name_; }

  // What the station wants ---------------------------------------------------------------------------------------

  void show(const Show& what, std::function<void(Shown)> told, Moment now);
  /// `gone` when no page can have it any more: within the call or later.
  void take_down(const core::AlertId& alert, std::function<void()> gone, Moment now);
  void online(Moment now);
  /// To be called every second or so.
  void tick(Moment now);

  // What must be seen --------------------------------------------------------------------------------------------

  /// The most urgent first.
  std::vector<const Showing*> showing() const;
  const Showing* find(const core::AlertId& alert) const;
  /// Grows with every change, also from one run of the program to the next.
  std::uint64_t serial() const { return serial_; }
  /// Whether what is not among showing() is over. Before that the station has not heard yet, and pages go on
  /// showing what they have.
  bool is_settled() const { return settled_; }

  // What the pages say -------------------------------------------------------------------------------------------

  enum class Taken : std::uint8_t {
    taken,
    unknown_page,  ///< it has to give an account first
    not_shown,     ///< that revision is not what has to be shown now, or was not painted by this page
    full,          ///< too many pages
  };
  Taken account(const PageAccount& account, Moment now);
  Taken answer(const PersonsAnswer& answer);
  /// The state of now is handed to a page. False: there is none of that name.
  bool hand_out(std::string_view page);

  /// False: too many do.
  bool watch(Watcher& watcher);
  void unwatch(Watcher& watcher);

  std::size_t pages() const { return pages_.size(); }

 private:
  struct Page {
    std::map<core::AlertId, core::Instant> may_have;  ///< and when that expires
    std::vector<Held> holds;
    Steady heard{0};
  };
  struct Removal {
    core::AlertId alert_id;
    std::function<void()> gone;
  };

  void change();
  static bool is_lost(const Page& page, Moment now);
  bool make_room(Moment now);
  bool may_be_seen(const core::AlertId& alert) const;
  void note_painted(const Held& held);
  bool is_at_work(Moment now) const;
  void tell_unpainted(Moment now);
  void expire_lost_pages(Moment now);
  void tell_removed(Moment now);

  core::RecipientId recipient_;
  std::string name_;
  Steady started_;
  std::optional<Steady> settles_at_;
  bool settled_ = false;
  std::uint64_t serial_;
  std::map<core::AlertId, Showing> showing_;
  std::map<std::string, Page, std::less<>> pages_;
  std::vector<Removal> removals_;
  std::set<Watcher*> watchers_;
};

}  // namespace tuanyuan::station
