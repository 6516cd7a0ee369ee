# SPDX-License-Identifier: Apache-2.0
# A job of the parking garages: archive-stays, tariff-import or day-report. Usage: perl nightly.pl DATABASE_PORT JOB
use strict;
use warnings;
use DBI;
use POSIX 'strftime';
use Time::HiRes 'sleep';

$| = 1;
my ($port, $job) = @ARGV;
my $source = "DBI:MariaDB:host=127.0.0.1;port=$port;database=parking";
my $db = DBI->connect($source, 'jobs', '', { RaiseError => 1, PrintError => 0 });
my %jobs = (
    'archive-stays' => \&archive_stays,
    'tariff-import' => \&import_tariffs,
    'day-report' => \&send_report,
);

sub report {
    my ($level, $text) = @_;
    print strftime('%Y/%m/%d %H:%M:%S', gmtime), " $level [$job $$] $text\n";
}

sub archive_stays {
    for my $garage (1 .. 12) {
        my $archived = $db->do('UPDATE stays SET archived = 1 WHERE paid IS NOT NULL AND archived = 0 AND garage = ?', undef, $garage);
        report('INFO', "garage $garage: " . ($archived + 0) . ' stays archived');
        sleep 0.8;
    }
}

sub import_tariffs {
    for my $row (1 .. 40) {
        if ($row % 13 == 0) {
            report('WARN', "row $row: tariff without end date, skipped");
        } else {
            $db->do('REPLACE INTO tariffs VALUES (?, ?)', undef, $row, 100 + $row);
        }
        sleep 0.1;
    }
    report('INFO', '37 tariffs imported, 3 skipped');
}

sub send_report {    # the second attempt succeeds
    report('ERROR', 'accounting.example: connection timed out, trying again in 4 s (attempt 1 of 3)');
    sleep 4;
    report('INFO', 'day report sent, 212 kB');
}

report('INFO', 'started');
$jobs{$job}->();
report('INFO', 'finished');
