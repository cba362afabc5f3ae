#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace tuanyuan::bench {

/// Connects to this port of so many addresses and posts the body to each, all at once, by epoll and nothing else:
/// what the machine can do. Returns when all have answered; throws where one does not.
void post_to_all(std::size_t count, std::uint16_t port, const std::function<std::string(std::size_t)>& host,
                 const std::string& body);

}  // namespace tuanyuan::bench
