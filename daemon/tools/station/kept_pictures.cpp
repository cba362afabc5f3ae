#include "tools/station/kept_pictures.hpp"

#include <utility>

namespace tuanyuan::station {

KeptPictures::Picture KeptPictures::find(const Rotation::Turn& turn) const {
  const auto found = turn.alert ? pictures_.find(key(turn)) : pictures_.end();
  return found == pictures_.end() ? nullptr : found->second;
}

void KeptPictures::keep(const Rotation::Turn& turn, Picture picture) {
  pictures_.erase(key(turn));
  if (picture->png.size() <= bytes_max_ - bytes()) {
    pictures_.emplace(key(turn), std::move(picture));
  }
}

void KeptPictures::drop(const core::AlertId& alert) {
  std::erase_if(pictures_, [&](const auto& kept) { return std::get<core::AlertId>(kept.first) == alert; });
}

std::size_t KeptPictures::bytes() const {
  std::size_t all = 0;
  for (const auto& [key, picture] : pictures_) {
    all += picture->png.size();
  }
  return all;
}

}  // namespace tuanyuan::station
