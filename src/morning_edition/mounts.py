"""What kind of file system a folder is on: not each tells other machines of a lock."""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""What this process sees mounted (proc_pid_mountinfo(5)); other systems than Linux have none."""

OF_A_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|ceph|lustre|beegfs|gpfs|afs|ncpfs|vboxsf|prl_fs|virtiofs|"
    r"(?:fuse\.)?(?:sshfs|glusterfs|ceph|ceph-fuse|rclone|s3fs|gcsfuse|davfs2?|moosefs|juicefs|vmhgfs-fuse|"
    r"grpcfuse|osxfs)"
)
"""Kinds that several machines may have mounted at once, and whose locks may stay with one of them."""


def may_be_shared(folder: Path) -> bool:
    """Tell whether other machines may have *folder*, and not see its locks; in doubt they have not."""
    return bool(OF_A_NETWORK.fullmatch(find_file_system(folder)))


def find_file_system(folder: Path) -> str:
    """Return the kind of the file system that *folder* is on (`ext4`); empty where that cannot be known."""
    try:
        lines = MOUNTS.read_text("utf-8", "replace").splitlines()
        homes = {str(one) for one in (folder.resolve(), *folder.resolve().parents)}
    except (OSError, RuntimeError):
        return ""
    found: dict[str, str] = {}
    for line in lines:
        place, _, rest = line.partition(" - ")
        fields = place.split(" ")
        if len(fields) > 4 and (point := _unescape(fields[4])) in homes:
            found[point] = rest.partition(" ")[0]  # a later one lies over an earlier one
    return found[max(found, key=len)] if found else ""


def _unescape(text: str) -> str:
    """Return a path as it is: spaces and the like are written in octal there."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
