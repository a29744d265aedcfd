// Compiled for each faulty plugin: -DHERMES_FAULT=leaks_thread.
#include "fault.hpp"

const Fault fault = Fault::HERMES_FAULT;
