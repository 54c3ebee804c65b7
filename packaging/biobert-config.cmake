# find_package(biobert) gives the targets
#   biobert::biobert   the shared library
#   biobert::static    the same, linked into your program
# and biobert_MODELS, the directory of the models. Everything is found relative to this file: the
# tree may be moved.
include(CMakeFindDependencyMacro)
find_dependency(Threads)

get_filename_component(_biobert_lib "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
get_filename_component(_biobert_prefix "${_biobert_lib}/.." ABSOLUTE)
set(biobert_MODELS "${_biobert_prefix}/share/biobert/models")

foreach(_biobert_file
    "${_biobert_lib}/libbiobert.so.1" "${_biobert_lib}/libbiobert.a"
    "${_biobert_prefix}/include/biobert.h" "${_biobert_prefix}/include/biobert.hpp")
  if(NOT EXISTS "${_biobert_file}")
    set(biobert_FOUND FALSE)
    set(biobert_NOT_FOUND_MESSAGE "${_biobert_file} is not there")
    return()
  endif()
endforeach()

if(NOT TARGET biobert::biobert)
  add_library(biobert::biobert SHARED IMPORTED)
  set_target_properties(biobert::biobert PROPERTIES
    IMPORTED_LOCATION "${_biobert_lib}/libbiobert.so.1"
    IMPORTED_SONAME "libbiobert.so.1"
    INTERFACE_INCLUDE_DIRECTORIES "${_biobert_prefix}/include")

  add_library(biobert::static STATIC IMPORTED)
  set_target_properties(biobert::static PROPERTIES
    IMPORTED_LOCATION "${_biobert_lib}/libbiobert.a"
    IMPORTED_LINK_INTERFACE_LANGUAGES C
    INTERFACE_INCLUDE_DIRECTORIES "${_biobert_prefix}/include"
    INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS};m")
endif()

unset(_biobert_lib)
unset(_biobert_prefix)
unset(_biobert_file)
