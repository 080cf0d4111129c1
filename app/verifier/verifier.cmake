# gatehouse-verify: an export, a data folder or a collector's batches checked without windows, gateway or agent.
add_executable(gatehouse-verify verifier/main.cpp verifier/verify_batches.cpp verifier/verify_export.cpp verifier/verify_store.cpp)
target_link_libraries(gatehouse-verify
    PRIVATE gatehouse_compiler gatehouse::audit gatehouse::base gatehouse::cms gatehouse::ledger gatehouse::platform
            gatehouse::secrets gatehouse::types)
