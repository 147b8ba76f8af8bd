# SPDX-License-Identifier: BSD-2-Clause
# manifest.cmake: reads fields of a component.json.

# A string field; empty if it is not there.
function(rumpkit_manifest_string out json)
  string(JSON value ERROR_VARIABLE missing GET "${json}" ${ARGN})
  if(missing)
    set(value "")
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

# A list of strings; empty if it is not there.
function(rumpkit_manifest_list out json field)
  set(values "")
  string(JSON count ERROR_VARIABLE missing LENGTH "${json}" ${field})
  if(NOT missing AND count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON value GET "${json}" ${field} ${index})
      list(APPEND values "${value}")
    endforeach()
  endif()
  set(${out} "${values}" PARENT_SCOPE)
endfunction()
