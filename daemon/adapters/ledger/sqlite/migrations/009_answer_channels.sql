R"sql(
-- Blocks of answers say by which channel each came (answer_block.hpp, format 2). Those that stand there stay as they are;
-- a program that does not know of it is kept from taking the new ones for damaged.
)sql"
