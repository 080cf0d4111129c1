# The Qt part of app/: what joins the windows to the agent (also for the tests), and the program `gatehouse`.
add_library(gatehouse_desktop STATIC clipboard_watch.cpp single_instance.cpp quit_signals.cpp ui_adapters.cpp agent_worker.cpp)
add_library(gatehouse::desktop ALIAS gatehouse_desktop)
set_target_properties(gatehouse_desktop PROPERTIES AUTOMOC ON)
target_include_directories(gatehouse_desktop PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(gatehouse_desktop PUBLIC gatehouse::ui PRIVATE gatehouse_compiler)

if(TARGET gatehouse_agent)
    add_executable(gatehouse main.cpp)
    target_link_libraries(gatehouse PRIVATE gatehouse_compiler gatehouse::desktop gatehouse_agent)
    target_compile_definitions(gatehouse PRIVATE GATEHOUSE_VERSION="${PROJECT_VERSION}")
endif()
