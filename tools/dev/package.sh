# SPDX-License-Identifier: Apache-2.0
# ./dev package: Debian packages of this tree, for workstations and for the collector's server, in build/package
. tools/dev/common.sh
. tools/dev/collector_package.sh
setup_system
setup_node
configure release
build_targets release gatehouse gatehousectl gatehouse-native-host gatehouse-verify gatehouse-extract gatehouse-collector
npm_install extension
(cd extension && npm run --silent build)

stage=build/package/root host=/usr/lib/gatehouse/gatehouse-native-host
rm -rf build/package
mkdir -p "$stage"
put() { install -D -m "$1" "$2" "$stage$3"; } # MODE FILE PLACE

for program in gatehouse gatehousectl gatehouse-verify; do
    put 755 "build/release/app/$program" "/usr/bin/$program"
done
put 755 build/release/native-messaging/gatehouse-native-host "$host"
put 755 build/release/app/gatehouse-extract /usr/lib/gatehouse/gatehouse-extract
strip --strip-unneeded "$stage"/usr/bin/* "$stage"/usr/lib/gatehouse/*
put 644 installer/linux/gatehouse.desktop /usr/share/applications/gatehouse.desktop
put 644 installer/linux/gatehouse-autostart.desktop /etc/xdg/autostart/gatehouse.desktop
put 644 ui/icons/gatehouse.svg /usr/share/icons/hicolor/scalable/apps/gatehouse.svg
put 644 installer/policies/README.md /etc/gatehouse/policy.d/README.md
put 644 LICENSE /usr/share/doc/gatehouse/copyright
for family in chromium firefox; do
    sed "s|@HOST_PATH@|$host|" "native-messaging/manifests/$family.json.in" >"build/package/$family.json"
done
for folder in /etc/chromium /etc/opt/chrome /etc/opt/edge /etc/opt/brave.com/brave; do
    put 644 build/package/chromium.json "$folder/native-messaging-hosts/com.gatehouse.agent.json"
done
put 644 build/package/firefox.json /usr/lib/mozilla/native-messaging-hosts/com.gatehouse.agent.json
mkdir -p "$stage/usr/share/gatehouse"
cp -r extension/dist/chromium "$stage/usr/share/gatehouse/extension-chromium"

version=$(sed -n 's/^project(gatehouse VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
mkdir -p build/package/debian "$stage/DEBIAN"
printf 'Source: gatehouse\n\nPackage: gatehouse\nArchitecture: any\n' >build/package/debian/control
depends=$(cd build/package && dpkg-shlibdeps -O --ignore-missing-info root/usr/bin/* root/usr/lib/gatehouse/* 2>/dev/null |
    sed -n 's/^shlibs:Depends=//p')
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$(dpkg --print-architecture)|" -e "s|@DEPENDS@|$depends, libqt6svg6|" \
    -e "s|@SIZE@|$(du -sk --exclude=DEBIAN "$stage" | cut -f1)|" installer/linux/control.in >"$stage/DEBIAN/control"
(cd "$stage" && find etc -type f | sed 's|^|/|') >"$stage/DEBIAN/conffiles"
chmod -R go-w "$stage"
package=build/package/gatehouse_${version}_$(dpkg --print-architecture).deb
dpkg-deb --root-owner-group --build "$stage" "$package" >/dev/null
dpkg-deb --info "$package" | sed -n '/^ Package/,$p'
say "$package ($(du -h "$package" | cut -f1)) is ready"
collector_package build/release/collector/gatehouse-collector
