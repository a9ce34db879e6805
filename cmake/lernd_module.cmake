# lernd_module(<name> FOLDER <folder below src> SOURCES <files> [USES <modules>] [LIBRARIES <libraries>])
#
# A static library for one folder of src/. Its headers are reached through an include root of its own, so a file can include only what its module USES: the
# dependency rule of ARCHITECTURE.md is kept by the compiler, not by discipline. LIBRARIES are private: no client library shows through a module's headers.
function(lernd_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "FOLDER" "SOURCES;USES;LIBRARIES")
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  get_filename_component(parent ${root}/${module_FOLDER} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${module_FOLDER} ${root}/${module_FOLDER} SYMBOLIC)
  add_library(lernd_${name} STATIC ${module_SOURCES})
  target_include_directories(lernd_${name} PUBLIC ${root})
  foreach(used IN LISTS module_USES)
    target_link_libraries(lernd_${name} PUBLIC lernd_${used})
  endforeach()
  target_link_libraries(lernd_${name} PRIVATE ${module_LIBRARIES})
endfunction()
