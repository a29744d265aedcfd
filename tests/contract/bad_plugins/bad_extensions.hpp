// What the minimal plugin offers beyond the core.
#pragma once

// PluginDescriptor::extension.
const void* extension(const char* id) noexcept;
