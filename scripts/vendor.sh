#!/usr/bin/env bash
# Refreshes the built front-end files under src/socius/web/static/vendor from pinned npm packages.
# Needed only by whoever changes a version: running Socius needs no Node.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
out="$here/src/socius/web/static/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts @tabler/core@1.4.0 htmx.org@2.0.11 echarts@6.0.0 esbuild@0.28.2 @tabler/icons@3.36.0 >/dev/null
mkdir -p "$out/licences"
cp node_modules/@tabler/core/dist/css/tabler.min.css "$out/tabler.min.css"
cp node_modules/@tabler/core/dist/js/tabler.min.js "$out/tabler.min.js"
cp node_modules/htmx.org/dist/htmx.min.js "$out/htmx.min.js"
cat > charts.js <<'JS'
import * as echarts from "echarts/core";
import { BarChart, LineChart, SankeyChart, ScatterChart, TreemapChart, RadarChart, CustomChart } from "echarts/charts";
import { GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, MarkAreaComponent, TitleComponent, RadarComponent, AriaComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
echarts.use([BarChart, LineChart, SankeyChart, ScatterChart, TreemapChart, RadarChart, CustomChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, MarkAreaComponent, TitleComponent, RadarComponent, AriaComponent, SVGRenderer]);
window.echarts = echarts;
JS
node node_modules/esbuild/bin/esbuild charts.js --bundle --minify --outfile="$out/echarts.min.js" --log-level=warning
cp node_modules/@tabler/icons/LICENSE "$out/licences/tabler.txt"   # same holder, same MIT text; the package ships none
cp node_modules/htmx.org/LICENSE "$out/licences/htmx.txt"
cat node_modules/echarts/LICENSE node_modules/echarts/NOTICE > "$out/licences/echarts.txt"
cp node_modules/@tabler/icons/LICENSE "$out/licences/tabler-icons.txt"
{
  echo '<svg xmlns="http://www.w3.org/2000/svg" style="display:none">'
  for name in route users list-details target chart-line rocket file-import history layout-dashboard search moon sun menu-2 alert-triangle check x circle-dashed lock building refresh arrow-right download plus adjustments logout user-circle brand-x brand-facebook brand-instagram brand-youtube brand-linkedin brand-mastodon brand-bluesky brand-tiktok brand-flickr brand-threads brand-snapchat brand-pinterest brand-spotify world clock coin sitemap clipboard-check eye printer flag arrow-back-up table external-link key info-circle; do
    file=node_modules/@tabler/icons/icons/outline/$name.svg
    [ -f "$file" ] || { echo "no icon $name" >&2; continue; }
    printf '<symbol id="i-%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">' "$name"
    sed -e 's/<!--.*-->//' "$file" | tr -d '\n' | sed -e 's/<!--[^>]*-->//g' -e 's/.*<svg[^>]*>//' -e 's/<\/svg>//'
    echo '</symbol>'
  done
  echo '</svg>'
} > "$out/icons.svg"
(cd "$out" && sha256sum ./*.css ./*.js ./*.svg > SHA256SUMS)
