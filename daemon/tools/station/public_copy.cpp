#include "tools/station/public_copy.hpp"

namespace tuanyuan::station {

std::string public_copy_of(const core::Notice& notice, const PublicCopies& copies) {
  // All that a copy says of the others: a lookout (revision 0) was released to nobody yet.
  const bool may_exist = !copies.url_prefix.empty() && notice.version.revision > 0 &&
                         (notice.status == core::Status::actual || copies.of_exercises);
  return may_exist ? copies.url_prefix + notice.alert_id.value : std::string();
}

}  // namespace tuanyuan::station
