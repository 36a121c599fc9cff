// Layout and type of the report: one column of cards on a phone, two on a screen, whole cards on paper.

export const PAGE_STYLE = `
* { box-sizing: border-box }
html {
  font: 15px/1.5 var(--sans); color: var(--ink); background: var(--ground); -webkit-text-size-adjust: 100%;
  scroll-padding-top: 16px;
}
body, h1, h2, h3, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0 }
ul, ol { list-style: none }
a { color: inherit }
:focus-visible { outline: 2px solid var(--fc); outline-offset: 2px; border-radius: 4px }
.definitions { position: absolute }
.top {
  display: flex; flex-wrap: wrap; align-items: center; gap: 4px 24px; padding: 14px 28px;
  border-bottom: 1px solid var(--rule);
}
.brand {
  display: inline-flex; align-items: center; gap: 10px; font-weight: 650; font-size: 17px; letter-spacing: -.01em;
}
.brand path { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.brand .roof { stroke: var(--lease) }
.brand .floor { stroke: var(--ink) }
.crumb { font-size: 14px; color: var(--ink3); min-width: 0; overflow-wrap: anywhere }
.crumb b { color: var(--ink); font-weight: 600; margin-right: 6px }
.top nav { display: flex; flex-wrap: wrap; gap: 0 18px; margin-left: auto; font-size: 14px }
.top nav a { color: var(--ink2); text-decoration: none; padding: 5px 0 }
.top nav a:hover { color: var(--ink); text-decoration: underline }
main { padding: 32px 28px 64px; max-width: 1376px; margin: 0 auto }
.say {
  font-size: 29px; line-height: 1.28; letter-spacing: -.018em; font-weight: 450; max-width: 46em; text-wrap: pretty;
}
.say b, .sub b { font-weight: 650; white-space: nowrap }
.k { padding-bottom: 1px; background-repeat: no-repeat; background-position: 0 100% }
.k.reserved { background-image: linear-gradient(var(--lease),var(--lease)); background-size: 100% 4px }
.k.fixed {
  background-image: repeating-linear-gradient(90deg,var(--ink3) 0 3px,transparent 3px 6px);
  background-size: 100% 2px;
}
.sub .k.reserved { background-size: 100% 3px }
.sub { color: var(--ink2); font-size: 16px; margin-top: 8px; max-width: 82em; text-wrap: pretty }
.sub b { color: var(--ink) }
.part { font-size: 22px; line-height: 1.3; letter-spacing: -.012em; font-weight: 600; margin-top: 48px }
.part+.sub { margin-top: 2px }
.part+.card { margin-top: 12px }
.card {
  background: var(--surface); border: 1px solid var(--rule); border-radius: 10px; margin-top: 20px; min-width: 0;
}
.card>header { display: flex; align-items: baseline; gap: 2px 12px; padding: 14px 18px 0; flex-wrap: wrap }
.card h3 { font-size: 15px; font-weight: 600; letter-spacing: -.005em }
.note { font-size: 13.5px; color: var(--ink3); line-height: 1.45 }
.body>.note { margin-top: 12px }
.lead { font-size: 15px; color: var(--ink2); max-width: 60em; text-wrap: pretty; margin-bottom: 10px }
.amount { font-size: 22px; letter-spacing: -.012em; line-height: 1.3 }
.amount b { font-weight: 650 }
.lead b { color: var(--ink); font-weight: 650 }
.body { padding: 12px 18px 16px; min-width: 0 }
.cols { display: grid; gap: 20px; margin-top: 20px }
.cols>.card { margin-top: 0 }
.wide { grid-template-columns: minmax(0,1fr) 430px }
.even { grid-template-columns: repeat(2,minmax(0,1fr)) }
.four { grid-template-columns: repeat(4,minmax(0,1fr)) }
.columns { display: grid; grid-template-columns: repeat(2,minmax(0,1fr)); gap: 8px 40px }
.stats {
  display: grid; grid-template-columns: repeat(auto-fit,minmax(200px,1fr)); border: 1px solid var(--rule);
  border-radius: 10px; background: var(--surface); margin-top: 24px; overflow: hidden;
}
.stat { padding: 13px 18px 14px; box-shadow: -1px -1px 0 var(--rule) }
.stat dt { font-size: 13.5px; color: var(--ink2) }
.stat dd { font-size: 25px; font-weight: 600; letter-spacing: -.02em; line-height: 1.25 }
.stat small { font-size: 14px; font-weight: 450; color: var(--ink2); letter-spacing: 0 }
.stat small, .stat span { display: inline-block; line-height: 1.3 }
.stat .note { font-size: 13px; font-weight: 450; letter-spacing: 0; color: var(--ink3); margin-top: 2px }
.scroll { overflow-x: auto }
.scroll:focus-visible { outline-offset: 4px }
table { width: 100%; border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums }
caption { text-align: left; font-size: 13.5px; color: var(--ink3); padding-bottom: 6px }
th, td { padding: 6px 0 6px 14px; text-align: right; vertical-align: bottom }
th:first-child, td:first-child {
  padding-left: 0; text-align: left; position: sticky; left: 0; background: var(--surface);
}
thead th { font-weight: 500; color: var(--ink3); font-size: 13px; line-height: 1.3 }
.groups th { border-bottom: 1px solid var(--rule); padding-bottom: 3px; text-align: center; white-space: nowrap }
tbody th { font-weight: 450; color: var(--ink2) }
tbody td { white-space: nowrap }
tbody tr>* { border-top: 1px solid var(--rule) }
.tight th, .tight td { padding-left: 8px; font-size: 13px }
.tight tbody th { min-width: 112px; padding-left: 0 }
.remaining {
  display: inline-block; position: relative; width: 120px; height: 10px; margin-right: 10px;
  background: var(--base-s); box-shadow: inset 0 0 0 1px var(--base);
}
.remaining i { position: absolute; left: 0; top: 0; bottom: 0; background: var(--lease); min-width: 2px }
tr.ours>* { font-weight: 650; color: var(--lease) }
tr.ours td { color: var(--ink) }
tr.ours-each th { color: var(--lease) }
tr.total>* { border-top: 2px solid var(--ink); font-weight: 650; color: var(--ink) }
pre {
  font: 13px/1.5 var(--mono); background: var(--sunk); border-radius: 8px; padding: 10px 12px; white-space: pre-wrap;
  overflow-wrap: anywhere;
}
code { font: .92em var(--mono); overflow-wrap: anywhere }
#method h3 { margin: 16px 0 4px }
#method h3:first-child { margin-top: 0 }
#method p, #method dd, .sources dd { color: var(--ink2); font-size: 14px }
dt { font-weight: 600; font-size: 14px }
dl dd+dt { margin-top: 8px }
.plain li { padding: 5px 0; border-top: 1px solid var(--rule); font-size: 14px; color: var(--ink2) }
.plain li:first-child { border-top: 0 }
.sources { display: grid; grid-template-columns: repeat(2,minmax(0,1fr)); gap: 14px 40px }
.sources dd { overflow-wrap: anywhere }
.sources .note { display: block }
.sources .ours dt, .sources .ours-each dt { color: var(--lease) }
.pair { display: grid; grid-template-columns: minmax(0,1fr) auto; gap: 2px 16px; margin-top: 12px; font-size: 13.5px }
.pair dt { font-weight: 450; font-size: 13.5px; color: var(--ink2); margin: 0!important }
.pair dd { font-weight: 600; color: var(--ink); text-align: right }
@media (max-width:1240px) {
  .four { grid-template-columns: repeat(2,minmax(0,1fr)) }
}
@media (max-width:1080px) {
  .wide, .even, .columns, .sources { grid-template-columns: minmax(0,1fr) }
}
@media (max-width:640px) {
  .top { padding: 12px 16px }
  .top nav { margin-left: 0 }
  main { padding: 20px 16px 40px }
  .say { font-size: 22px }
  .sub { font-size: 15px }
  .part { font-size: 20px; margin-top: 36px }
  .card>header { padding: 12px 14px 0 }
  .body { padding: 10px 14px 14px }
  .four { grid-template-columns: minmax(0,1fr) }
  .stats { grid-template-columns: repeat(2,minmax(0,1fr)) }
  .stat { padding: 11px 14px }
  .stat small { display: block }
  .stat dd { margin-top: 2px }
  .ends .middle { display: none }
  th, td { padding-left: 9px }
  .remaining { display: none }
}
`;
