// When a key is meant for the page, and not for what has the focus.

const typed = "textarea, select, input:not([type=range], [type=checkbox], [type=radio], [type=color])";

/** Whether a key is a command: nobody writes, and no other program's or browser's command is meant. */
export const isCommand = event => !event.ctrlKey && !event.metaKey && !event.altKey && !(event.target instanceof Element && event.target.matches(typed));
