// What pages in docs/ have of the tables of the code. To write that anew after a change:
//   HERMES_WRITE_DOCS=1 build/dev/bin/adapter_unit_tests -ts='adapter/reference'
#pragma once

#include <string>
#include <vector>

namespace hermes::wecom::test {

using Row = std::vector<std::string>;  // of a table, by cells

// What it is called, what may be written, the default, where it stands, what it is.
std::vector<Row> settings_rows();
// The code, what it means, what the gateway does, what a person can do.
std::vector<Row> errors_rows();

std::string table(const Row& head, const std::vector<Row>& rows);

// Fails unless that is the table that the code writes into docs/`name`, a page that people write:
// between the comment that names `what` and the next one.
void check_table(const std::string& name, const std::string& what, const std::string& table);

}  // namespace hermes::wecom::test
