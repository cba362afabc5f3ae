#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "core/caller.hpp"
#include "core/ids.hpp"
#include "core/recipient.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::ports {

enum class PosterFormat : std::uint8_t {
  html,
  pdf,
  led,      ///< one line of text
  led_pdf,  ///< the same as a long narrow page
  script,   ///< what a voice reads, timed
};

struct PosterOptions {
  PosterFormat format = PosterFormat::html;
  /// Whose copy an officer wants; none: PUBLIC where it was released, else PARTNER, and POLICE where nobody else
  /// was ever told. A recipient gets its own.
  std::optional<core::Audience> audience;
  std::string language = "zh-CN";        ///< BCP 47
  std::optional<std::uint32_t> seconds;  ///< of a script: only this length, 15 or 30

  PosterOptions() = default;
};

struct Poster {
  std::string body;
  std::string language;  ///< which of the notice's languages it came to be
};

/// Alerts on paper, on strips of lights and for voices, each from the copy of one audience, and only while that
/// copy is in force. Loop thread; the drawing is done elsewhere, within a deadline.
class PosterDesk {
 public:
  template <class T>
  using Answer = boost::asio::awaitable<core::Result<T>>;

  virtual ~PosterDesk() = default;

  /// Not found: no such alert for this caller, or, and then the detail says so, nothing of it in force for that
  /// audience. Overloaded, unavailable: it could not be drawn now.
  virtual Answer<Poster> poster(core::Caller caller, core::AlertId id, PosterOptions options) = 0;
};

}  // namespace tuanyuan::ports
