// SVG content of the icons, in a view box of 20 x 20 units, drawn in the current text colour.

const line = (d, width = 1.7) =>
  `<path d="${d}" fill="none" stroke="currentColor" stroke-width="${width}" `
  + 'stroke-linecap="round" stroke-linejoin="round"/>';
const solid = (d) => `<path d="${d}" fill="currentColor"/>`;
const dot = (x, y, radius) => `<circle cx="${x}" cy="${y}" r="${radius}" fill="currentColor"/>`;

export const ICONS = {
  play: solid("M6 3.6v12.8a.8.8 0 0 0 1.2.7l10-6.4a.8.8 0 0 0 0-1.4l-10-6.4A.8.8 0 0 0 6 3.6z"),
  pause: solid("M5.2 3.5h3.2v13H5.2zM11.6 3.5h3.2v13h-3.2z"),
  step: solid("M4.5 4.4v11.2l7.6-5.6z") + line("M14.8 4.6v10.8", 2.2),
  epoch: solid("M2.6 4.8v10.4L9 10zM9 4.8v10.4l6.4-5.2z") + line("M17 4.8v10.4", 2),
  reset: line("M4.4 6.2A7 7 0 1 1 3 10.6M4 2.6v3.9h3.9"),
  dice: line("M4 3h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z", 1.5)
    + dot(7, 7, 1.3) + dot(13, 13, 1.3) + dot(10, 10, 1.3) + dot(13, 7, 1.3) + dot(7, 13, 1.3),
  moon: line("M16.6 12.2A7.2 7.2 0 0 1 7.8 3.4a7.2 7.2 0 1 0 8.8 8.8z"),
  help: line("M7.3 7.4a2.8 2.8 0 1 1 4.1 2.5c-.9.5-1.4 1-1.4 2.1") + dot(10, 15, 1.2),
  more: dot(4.5, 10, 1.5) + dot(10, 10, 1.5) + dot(15.5, 10, 1.5),
  enlarge: line("M11.8 3.2h5v5M8.2 16.8h-5v-5M16.8 3.2l-5.6 5.6M3.2 16.8l5.6-5.6"),
  plus: line("M10 4.5v11M4.5 10h11", 2),
  minus: line("M4.5 10h11", 2),
  close: line("M5 5l10 10M15 5L5 15", 1.8),
  undo: line("M7.4 3.6L3.6 7.4l3.8 3.8M4 7.4h7.6a4.6 4.6 0 0 1 0 9.2H7"),
  share: line("M8.4 11.6l3.2-3.2M9.2 6.2l2-2a3.3 3.3 0 0 1 4.6 4.6l-2 2M10.8 13.8l-2 2a3.3 3.3 0 0 1-4.6-4.6l2-2"),
  frozen: line("M10 2.5v15M3.5 6.2l13 7.6M16.5 6.2l-13 7.6", 1.5),
  gear: line("M3 6h7M14.5 6H17M3 14h2.5M10 14h7M12.2 3.8v4.4M7.7 11.8v4.4"),
  image: line("M3.5 4h13v12h-13zM3.8 13.6l3.8-3.8 3 3 2.2-2.2 3.5 3.4", 1.5) + dot(12.6, 7.4, 1.3),
  table: line("M3.5 4h13v12h-13zM3.5 8h13M3.5 12h13M8 4v12", 1.4),
  restart: line("M15.2 8.2A5.8 5.8 0 1 0 15.8 11M15.8 4.4v4h-4", 2),
  lesson:
    line("M10 5.2C8.2 3.9 5.6 3.6 3 4v11.4c2.6-.4 5.2-.1 7 1.2 1.8-1.3 4.4-1.6 7-1.2V4c-2.6-.4-5.2-.1-7 1.2zv11.4"),
  list: line("M4 5.5h12M4 10h12M4 14.5h12"),
  present: line("M3 4h14v9H3zM10 13v3.5M6.5 16.5h7"),
  back: line("M12.5 4.5L7 10l5.5 5.5", 2),
  next: line("M7.5 4.5L13 10l-5.5 5.5", 2),
};
