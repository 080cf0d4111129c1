# SPDX-License-Identifier: Apache-2.0
# Sourced by tools/dev/package.sh. collector_package PROGRAM: a Debian package of the collector in build/package.

collector_package() {
    local stage=build/package/collector version architecture package depends
    version=$(sed -n 's/^project(gatehouse VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
    architecture=$(dpkg --print-architecture)
    package=build/package/gatehouse-collector_${version}_$architecture.deb
    rm -rf "$stage"
    install -D -m 755 "$1" "$stage/usr/bin/gatehouse-collector"
    strip --strip-unneeded "$stage/usr/bin/gatehouse-collector"
    install -D -m 644 installer/collector/gatehouse-collector.service "$stage/usr/lib/systemd/system/gatehouse-collector.service"
    install -D -m 644 installer/collector/sysusers.conf "$stage/usr/lib/sysusers.d/gatehouse-collector.conf"
    install -D -m 644 docs/collector.md "$stage/usr/share/doc/gatehouse-collector/collector.md"
    install -D -m 644 installer/collector/config.json "$stage/usr/share/doc/gatehouse-collector/config.json"
    install -D -m 644 LICENSE "$stage/usr/share/doc/gatehouse-collector/copyright"
    install -d -m 750 "$stage/etc/gatehouse-collector"
    install -d "$stage/DEBIAN" build/package/debian
    printf 'Source: gatehouse\n\nPackage: gatehouse-collector\nArchitecture: any\n' >build/package/debian/control
    depends=$(cd build/package && dpkg-shlibdeps -O --ignore-missing-info collector/usr/bin/gatehouse-collector 2>/dev/null |
        sed -n 's/^shlibs:Depends=//p')
    sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@DEPENDS@|$depends|" \
        -e "s|@SIZE@|$(du -sk --exclude=DEBIAN "$stage" | cut -f1)|" installer/collector/control.in >"$stage/DEBIAN/control"
    install -m 755 installer/collector/postinst installer/collector/prerm "$stage/DEBIAN/"
    chmod -R go-w "$stage"
    dpkg-deb --root-owner-group --build "$stage" "$package" >/dev/null
    dpkg-deb --info "$package" | sed -n '/^ Package/,$p'
    say "$package ($(du -h "$package" | cut -f1)) is ready"
}
