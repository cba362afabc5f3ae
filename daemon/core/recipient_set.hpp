#pragma once

#include <roaring/roaring.hh>

namespace tuanyuan::core {

/// A set of recipients by ordinal, compressed: counts and silent lists for a million are set algebra.
using RecipientSet = Roaring;

}  // namespace tuanyuan::core
