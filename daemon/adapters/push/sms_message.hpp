#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/push/answer_code.hpp"
#include "core/fitted_text.hpp"
#include "core/notice.hpp"
#include "ports/reply_desk.hpp"

namespace tuanyuan::push {

/// A short message in UCS-2 (3GPP TS 23.038): 70 units in one part; 67 in each of several, whose header takes the
/// rest.
inline constexpr std::size_t sms_units_of_one = 70;
inline constexpr std::size_t sms_units_of_several = 67;
/// How many parts a text takes.
std::size_t sms_parts(std::string_view text);
core::Fits at_most_parts(std::size_t parts);

/// Four digits that stand in a message and come back in the reply to it: of this alert and revision, to this
/// recipient.
std::string reply_code(const core::AlertId& alert, std::uint32_t revision, const core::RecipientId& recipient);
/// "回复1234确认已阅": what stands below a notice, and below a recall.
std::string reply_line(std::string_view code, bool is_recall, std::string_view language);

/// Which of all that was told a reply confirms: the one whose code it holds; or, where it is a plain "1", "收到"
/// or the like, the only one there is. Nothing: it is no confirmation, or it may be of several.
std::optional<ports::Told> confirmed_by(std::string_view reply, const std::vector<ports::Told>& told);

/// What Kannel answers to a `sendsms`: 202 it has it; 403 and the like are for people to put right; a text that
/// says not to try again is refused for good.
Verdict judge_sendsms(const HttpResult& result, core::Instant now);

/// What a delivery report says, by the bits of Kannel's dlr-mask.
enum class SmsReport { delivered, failed, other };
SmsReport sms_report(std::string_view status);
inline constexpr int sms_report_mask =
    1 | 2 | 16;  ///< delivered to the phone, not delivered, refused by the centre

}  // namespace tuanyuan::push
