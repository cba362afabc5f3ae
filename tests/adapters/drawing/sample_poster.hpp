#pragma once

#include <string>

#include "ports/posters.hpp"

namespace tuanyuan::drawing::test {

/// A photo that is recognisably one: a JPEG of that size.
std::string jpeg(int width = 300, int height = 400);

/// What a notice says, invented.
ports::PosterContent sample(core::Status status = core::Status::actual, const std::string& language = "zh-CN");

/// Marked as the police's own copy is.
ports::PosterContent of_police(ports::PosterContent content);

/// Every text of it replaced.
ports::PosterContent with_texts(ports::PosterContent content, const std::string& text);

/// Runs a command line that reads the document from a file of its own (its name takes the place of "FILE"), and
/// gives what it printed.
std::string printed_by(const std::string& command, const std::string& document);

}  // namespace tuanyuan::drawing::test
