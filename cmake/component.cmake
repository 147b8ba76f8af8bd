# SPDX-License-Identifier: BSD-2-Clause
# component.cmake: from one component.json to one archive.
include(manifest)

# The folders of this package's components that this host can build and that need nothing fetched.
function(rumpkit_find_own_components out)
  file(GLOB_RECURSE manifests ${CMAKE_CURRENT_SOURCE_DIR}/rump/component.json
    ${CMAKE_CURRENT_SOURCE_DIR}/glue/component.json)
  set(folders "")
  foreach(path IN LISTS manifests)
    file(READ ${path} json)
    rumpkit_manifest_string(package "${json}" source package)
    rumpkit_manifest_list(hosts "${json}" hosts)
    if(NOT package AND (NOT hosts OR RUMPKIT_HOST IN_LIST hosts))
      get_filename_component(folder ${path} DIRECTORY)
      list(APPEND folders ${folder})
    endif()
  endforeach()
  set(${out} "${folders}" PARENT_SCOPE)
endfunction()

function(rumpkit_add_component folder)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/component.json)
  file(READ ${folder}/component.json json)
  rumpkit_manifest_string(name "${json}" name)
  rumpkit_manifest_string(faction "${json}" faction)
  string(REGEX REPLACE "[/-]" "_" id ${name})

  set(objects "")
  rumpkit_add_own_files(${id} ${folder} "${faction}" "${json}" objects)
  rumpkit_add_source_files(${id} ${folder} "${json}" objects)
  rumpkit_add_archive(${id} "${faction}" "${objects}")
endfunction()

# The component's own files, held to our warnings.
function(rumpkit_add_own_files id folder faction json out)
  rumpkit_manifest_list(files "${json}" files)
  if(NOT files)
    return()
  endif()
  list(TRANSFORM files PREPEND ${folder}/)
  add_library(${id}_own OBJECT ${files})
  rumpkit_set_options(${id}_own ${id} ${folder} "${json}")
  if(faction STREQUAL host)
    target_compile_options(${id}_own BEFORE PRIVATE $<$<COMPILE_LANGUAGE:C>:-std=gnu11> ${RUMPKIT_GLUE})
  else()
    target_compile_options(${id}_own BEFORE PRIVATE $<$<COMPILE_LANGUAGE:C>:-std=c11> ${RUMPKIT_KERNEL})
  endif()
  target_compile_options(${id}_own PRIVATE ${RUMPKIT_STRICT})
  set(${out} ${${out}} $<TARGET_OBJECTS:${id}_own> PARENT_SCOPE)
endfunction()

# Files of an unpacked source package, as they are.
function(rumpkit_add_source_files id folder json out)
  rumpkit_manifest_list(files "${json}" sourceFiles)
  rumpkit_manifest_list(flags "${json}" sourceFlags)
  if(NOT files)
    return()
  endif()
  if(NOT RUMPKIT_SOURCES_${id})
    message(FATAL_ERROR "RUMPKIT_SOURCES_${id} must name the folder of the unpacked sources")
  endif()
  list(TRANSFORM files PREPEND ${RUMPKIT_SOURCES_${id}}/)
  add_library(${id}_source OBJECT ${files})
  rumpkit_set_options(${id}_source ${id} ${folder} "${json}")
  target_compile_options(${id}_source BEFORE PRIVATE ${RUMPKIT_KERNEL})
  target_compile_options(${id}_source PRIVATE ${RUMPKIT_LENIENT} ${flags})
  set(${out} ${${out}} $<TARGET_OBJECTS:${id}_source> PARENT_SCOPE)
endfunction()

# What both kinds of files have in common: include folders, defines and flags of the manifest.
function(rumpkit_set_options target id folder json)
  rumpkit_manifest_list(includes "${json}" includes)
  rumpkit_manifest_list(source_includes "${json}" sourceIncludes)
  rumpkit_manifest_list(defines "${json}" defines)
  rumpkit_manifest_list(flags "${json}" flags)
  list(TRANSFORM includes PREPEND ${folder}/)
  list(TRANSFORM source_includes PREPEND ${RUMPKIT_SOURCES_${id}}/)
  target_include_directories(${target} PRIVATE ${includes})
  # as system headers: our warnings are not for what is not ours
  target_include_directories(${target} SYSTEM PRIVATE ${source_includes})
  target_compile_definitions(${target} PRIVATE ${defines})
  target_compile_options(${target} PRIVATE ${RUMPKIT_CODE} ${flags})
endfunction()

# Kernel archives get the name prefix, so that their malloc() never meets the host's.
function(rumpkit_add_archive id faction objects)
  set(archive ${CMAKE_CURRENT_BINARY_DIR}/lib/lib${id}.a)
  if(faction STREQUAL host)
    set(step ${CMAKE_CURRENT_SOURCE_DIR}/cmake/plain-archive.sh)
  else()
    set(step ${CMAKE_CURRENT_SOURCE_DIR}/cmake/prefix-archive.sh)
  endif()
  add_custom_command(OUTPUT ${archive}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/lib
    COMMAND ${CMAKE_COMMAND} -E env AR=${CMAKE_AR} NM=${CMAKE_NM} OBJCOPY=${CMAKE_OBJCOPY}
      sh ${step} ${archive} ${objects}
    DEPENDS ${objects} ${step}
    COMMAND_EXPAND_LISTS VERBATIM COMMENT "archive ${id}")
  add_custom_target(${id} ALL DEPENDS ${archive})
endfunction()
