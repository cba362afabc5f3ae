#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/answer.hpp"

namespace tuanyuan::station {

inline constexpr std::size_t receipts_in_one_max = 10'000;

/// An acknowledgement as it is published.
std::string encode_answer(const core::Acknowledgement& answer, bool json);

/// A `Receipt` or `Receipts`, in either encoding. Which of the two it is does not stand in it; the fields that
/// a receipt has to have tell. Empty where it is neither.
std::vector<core::Receipt> decode_receipts(std::string_view payload);

}  // namespace tuanyuan::station
