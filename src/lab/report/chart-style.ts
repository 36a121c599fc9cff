// How the charts are drawn. Strokes keep their width in stretched drawings; a plot's gutter gives way to a legend where
// room is short.

export const CHART_STYLE = `
.chart { container-type: inline-size }
.chart svg { display: block; overflow: visible }
.chart svg.curves { overflow: hidden }
.chart path, .chart line, .strip path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round }
.chart text { font-size: 12.5px; fill: var(--ink2); font-variant-numeric: tabular-nums }
.chart text.target { font-weight: 650; fill: var(--ink) }
.chart text.faint { fill: var(--ink3) }
.line { stroke: var(--rule) }
line.target { stroke: var(--ink3); stroke-dasharray: 2 3 }
line.tick { stroke: var(--rule2) }
.axis { font-size: 12.5px; color: var(--ink2); display: flex; justify-content: space-between; gap: 12px }
.axis .far { color: var(--ink3) }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: 13px; color: var(--ink2) }
.legend li { display: inline-flex; align-items: center; gap: 7px }
.key { flex: none }
.part+.legend { margin-top: 6px }
.key path { fill: none }
.mark, .chart .mark { fill: var(--surface); stroke: var(--ink3); stroke-width: 1.4 }
.mark path { fill: inherit }
.mark.above { stroke: var(--lease); stroke-width: 1.6 }
.hatch { stroke: var(--rule2); stroke-width: 2 }
.chart .gap { fill: url(#hatch) }
.frontier { padding-top: 8px }
.frontier>svg { width: calc(100% - 48px); margin: 56px 0 46px 48px }
.frontier .gutter { display: none }
@container (min-width:600px) {
  .frontier>svg { width: calc(100% - 238px) }
  .frontier .gutter { display: inline }
  .frontier .legend { display: none }
}
.curves .ours { stroke: var(--lease); stroke-width: 3 }
.curves .ours-each { stroke: var(--lease); stroke-width: 1.8; stroke-dasharray: 5 4 }
.curves .peer { stroke: var(--ink3); stroke-width: 1.1 }
.curves .bound { stroke: var(--ink3); stroke-width: 1.6; stroke-dasharray: 1.5 3.5 }
circle.ours { fill: var(--lease); stroke: var(--surface); stroke-width: 1 }
circle.ours-each { fill: var(--surface); stroke: var(--lease); stroke-width: 1.6 }
.ring { fill: none; stroke: var(--ink); stroke-width: 1.8 }
.leader { stroke: var(--rule2) }
.leader.ours, .leader.ours-each { stroke: var(--lease); opacity: .45 }
.chart text.own { font-size: 13px; font-weight: 500; fill: var(--lease) }
.chart text.own.ours { font-weight: 650; font-size: 14px }
.chart text.own.bound { fill: var(--ink3) }
.bars { display: grid; gap: 9px }
.bars li {
  display: grid; grid-template-columns: minmax(0,148px) minmax(0,1fr) 52px; gap: 10px; align-items: center;
  font-size: 14px; color: var(--ink2); line-height: 1.25;
}
.bars b { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; color: var(--ink) }
.bars .ours .name { font-weight: 650; color: var(--ink) }
.bars .ours-each .name { color: var(--ink) }
.bars+.note { margin-top: 14px }
.note+.lead { border-top: 1px solid var(--rule); padding-top: 12px; margin-top: 14px }
.track { position: relative; height: 18px; display: block }
.track i { position: absolute; display: block }
.bar { left: 0; top: 3px; height: 12px; background: var(--base-s); box-shadow: inset 0 0 0 1px var(--base) }
.ours .bar { background: var(--lease); box-shadow: none }
.ours-each .bar { background: var(--lease-s); box-shadow: inset 0 0 0 1px var(--lease) }
.bound .bar { background: none; box-shadow: none; border: 1px dashed var(--ink3) }
.track .one { top: 1px; bottom: 1px; width: 0; border-left: 1.5px dotted var(--ink) }
.ours .track .one { border-color: var(--surface) }
.track .never { left: 0; right: 0; top: 9px; border-top: 1.5px dotted var(--rule2) }
.track .cut {
  right: 12px; top: -2px; bottom: -2px; width: 7px; transform: skewX(-18deg); background: var(--surface);
  box-shadow: inset 1px 0 var(--ink3),inset -1px 0 var(--ink3);
}
.time { padding: 6px 0 40px }
.time>svg { width: calc(100% - 40px); margin: 0 4px 0 36px }
.used { stroke: var(--ink); stroke-width: 1.4 }
.allowed { stroke: var(--lease); stroke-width: 1.6 }
.chart .allowed-area, .strip .allowed-area, .key .allowed-area { fill: var(--lease); fill-opacity: .12 }
.chart .band, .key .band { fill: var(--fc); fill-opacity: .2 }
.likely { stroke: var(--fc); stroke-width: 1.5; stroke-dasharray: 4 4 }
.base { stroke: var(--ink3); stroke-width: 1 }
.vm figcaption {
  display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 12px; font-weight: 600; font-size: 15px;
  overflow-wrap: anywhere;
}
.vm .note { font-weight: 400 }
.vm { padding: 14px 18px 16px }
.vm .axis { margin-top: 8px }
.strip { margin-left: 36px }
.strip svg { display: block }
.strip .used { stroke-width: 1 }
.strip .window { fill: var(--window) }
.ends {
  display: flex; justify-content: space-between; font-size: 12.5px; color: var(--ink3); margin: 2px 0 8px; gap: 12px;
}
.calibration { padding: 6px 0 42px }
.calibration>svg { width: calc(100% - 54px); margin-left: 50px }
.calibration .ideal { stroke: var(--ink3); stroke-dasharray: 2 3 }
.calibration .forecast { stroke: var(--fc); stroke-width: 1.8 }
.calibration circle.forecast { fill: var(--surface); stroke: var(--fc); stroke-width: 2 }
`;
